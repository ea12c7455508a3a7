package io.patella.imaging.phantom;

import java.util.random.RandomGenerator;

/**
 * What a knee looks like from the front, in lengths of half a picture's height (about 7 cm). x runs from medial (negative) to
 * lateral, y downwards, the joint line lies near y = 0.
 *
 * <p>Radiographic osteoarthritis after Kellgren and Lawrence: the joint space narrows in one compartment, usually the medial
 * one; osteophytes grow at the margins; the bone under the cartilage grows dense; at the end the bones touch and the plateau
 * gives way. All of it follows one severity, the grade plus a spread, so that neighbouring grades overlap as they do for
 * readers.
 *
 * @param medialGap width of the medial joint space; below 0 the bones overlap
 * @param lateralGap width of the lateral joint space
 * @param osteophytes growth of the margins: femur medial, femur lateral, tibia medial, tibia lateral
 * @param sclerosis density under the narrowed plateau, 0 none to about 0.4
 * @param wear side of the narrowed compartment: -1 medial, 1 lateral
 * @param collapse how far the worn plateau has given way
 * @param width breadth of the bones, 1 on average
 * @param notch height of the intercondylar notch
 * @param tilt slope of the joint line
 * @param patellaX where the kneecap's shadow lies
 * @param patellaY where the kneecap's shadow lies
 * @param patellaRadius its size
 * @param spines height of the tibial spines
 * @param softTissue half-width of the leg
 */
record KneeAnatomy(
        double medialGap,
        double lateralGap,
        Margins osteophytes,
        double sclerosis,
        int wear,
        double collapse,
        double width,
        double notch,
        double tilt,
        double patellaX,
        double patellaY,
        double patellaRadius,
        double spines,
        double softTissue) {

    /** One length for each of the four margins. */
    record Margins(double femurMedial, double femurLateral, double tibiaMedial, double tibiaLateral) {}

    /** Spread of the severity within a grade; neighbouring grades are 1 apart. */
    private static final double SEVERITY_SPREAD = 0.22;

    private static final double MEDIAL_SHARE = 0.75;

    /** Share of the joint space lost at severity 0, 1, 2, 3, 4 and beyond. */
    private static final double[] NARROWING = {0.0, 0.13, 0.33, 0.62, 1.0, 1.15};

    /** Growth of the margins at severity 0, 1, 2, 3, 4 and beyond. */
    private static final double[] GROWTH = {0.0, 0.03, 0.07, 0.11, 0.16, 0.185};

    /** Density under the worn plateau at severity 0, 1, 2, 3, 4 and beyond. */
    private static final double[] SCLEROSIS = {0.0, 0.02, 0.06, 0.16, 0.30, 0.36};

    static KneeAnatomy draw(int grade, RandomGenerator random) {
        double severity = Math.max(0, grade + SEVERITY_SPREAD * random.nextGaussian());
        int wear = random.nextDouble() < MEDIAL_SHARE ? -1 : 1;
        double space = 0.105 * (1 + 0.08 * random.nextGaussian());
        double lost = at(NARROWING, severity) + 0.03 * random.nextGaussian();
        double worn = space * (1 - lost) - 0.004;
        double kept = space * (1.03 - 0.12 * Math.min(1, Math.max(0, lost)) + 0.05 * random.nextGaussian());
        double growth = at(GROWTH, severity);
        Margins osteophytes = new Margins(
                margin(growth, wear < 0, random),
                margin(growth, wear > 0, random),
                margin(growth, wear < 0, random),
                margin(growth, wear > 0, random));
        return new KneeAnatomy(
                wear < 0 ? worn : kept,
                wear < 0 ? kept : worn,
                osteophytes,
                Math.max(
                        0,
                        at(SCLEROSIS, severity) * (1 + 0.25 * random.nextGaussian()) + 0.015 * random.nextGaussian()),
                wear,
                Math.max(0, severity - 3.3) * 0.07,
                1 + 0.045 * random.nextGaussian(),
                0.21 + 0.03 * random.nextGaussian(),
                0.025 * random.nextGaussian(),
                0.10 * random.nextGaussian() + 0.06,
                -0.52 + 0.08 * random.nextGaussian(),
                0.33 + 0.03 * random.nextGaussian(),
                0.055 + 0.012 * random.nextGaussian() + 0.008 * severity,
                1.22 + 0.14 * random.nextGaussian());
    }

    /** Margins beside the worn compartment grow most; some hardly at all. */
    private static double margin(double growth, boolean beside, RandomGenerator random) {
        double share = (beside ? 1.0 : 0.6) * (0.75 + 0.5 * random.nextDouble());
        return Math.max(0, growth * share + 0.006 * random.nextGaussian());
    }

    private static double at(double[] table, double severity) {
        int below = Math.min(table.length - 2, (int) severity);
        double share = Math.min(1, severity - below);
        return table[below] + share * (table[below + 1] - table[below]);
    }
}
