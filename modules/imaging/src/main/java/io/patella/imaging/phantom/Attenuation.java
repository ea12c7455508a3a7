package io.patella.imaging.phantom;

import java.util.SplittableRandom;

/**
 * How much a knee takes out of the X-rays at each point: soft tissue, then femur, patella, tibia and fibula, each a body with
 * a dense rim (the cortex), a porous inside (the trabeculae) and, under the cartilage, a plate. Bones are implicit shapes:
 * negative inside, about the distance to the rim near it.
 */
final class Attenuation {
    private static final double CONDYLE = 0.42;
    private static final double CORNER = 0.10;

    private final KneeAnatomy knee;
    private final Grain trabeculae;
    private final Grain mottle;

    Attenuation(KneeAnatomy knee, long seed) {
        this.knee = knee;
        SplittableRandom random = new SplittableRandom(seed);
        this.trabeculae = new Grain(random.nextLong(), 46, 17);
        this.mottle = new Grain(random.nextLong(), 2.2, 1.8);
    }

    /** Attenuation at {@code (x, y)} in the anatomy's lengths; about 0.1 (a thin edge) to 1.5 (bone on bone). */
    double at(double x, double y) {
        double edge = x / knee.softTissue();
        double soft = 0.12 + 0.50 * Math.sqrt(Math.max(0, 1 - edge * edge));
        double texture = 1 + 0.15 * trabeculae.at(x, y) + 0.10 * trabeculae.at(0.37 * x + 7, 0.41 * y + 3);
        double femur = femur(x, y);
        double tibia = tibia(x, y);
        double bones = bone(femur, 0.36, 0.11) + bone(tibia, 0.36, 0.11);
        bones += bone(patella(x, y), 0.10, 0.035) + bone(fibula(x, y), 0.20, 0.09);
        bones += plate(x, y, tibia, femur);
        return soft * (1 + 0.05 * mottle.at(x, y)) + bones * texture;
    }

    /** A body that thickens over a tenth of a length behind its rim, with a bright line for the cortex. */
    private static double bone(double distance, double body, double cortex) {
        if (distance > 0.05) {
            return 0;
        }
        double rim = (distance + 0.013) / 0.014;
        double inside = distance < 0 ? 1 - Math.exp(distance / 0.10) : 0;
        return body * (0.28 * (distance < 0 ? 1 : 0) + 0.72 * inside) + cortex * Math.exp(-rim * rim);
    }

    /** The bone plate under the cartilage: always there on the tibia, dense and deep where the joint is worn. */
    private double plate(double x, double y, double tibia, double femur) {
        double worn = smooth(knee.wear() * x, 0.05, 0.30) * (1 - smooth(knee.wear() * x, 0.60, 0.78));
        double below = y - tibiaTop(x);
        double above = femurBottom(x) - y;
        double sum = 0;
        if (tibia < 0) {
            double thin = (below - 0.022) / 0.02;
            double deep = below / 0.085;
            sum += 0.10 * Math.exp(-thin * thin) + knee.sclerosis() * worn * Math.exp(-deep * deep);
        }
        if (femur < 0) {
            double deep = above / 0.06;
            sum += 0.7 * knee.sclerosis() * worn * Math.exp(-deep * deep);
        }
        return sum;
    }

    private double femur(double x, double y) {
        double side =
                x < 0 ? knee.osteophytes().femurMedial() : knee.osteophytes().femurLateral();
        double rise = (y - joint(x) + 0.33) / 0.38;
        double lip = (y - femurBottom(x) + 0.06) / 0.055;
        double half = knee.width() * (0.61 + 0.20 * Math.exp(-rise * rise)) + side * Math.exp(-lip * lip);
        return smoothMax(0.9 * (y - femurBottom(x) - 0.35 * side * margin(x)), Math.abs(x) - half);
    }

    private double tibia(double x, double y) {
        double side =
                x < 0 ? knee.osteophytes().tibiaMedial() : knee.osteophytes().tibiaLateral();
        double fall = (y - joint(x)) / 0.55;
        double lip = (y - tibiaTop(x) - 0.05) / 0.05;
        double half = knee.width() * (0.49 + 0.255 * Math.exp(-fall * fall)) + side * Math.exp(-lip * lip);
        return smoothMax(0.9 * (tibiaTop(x) - y - 0.35 * side * margin(x)), Math.abs(x) - half);
    }

    /** Osteophytes also turn towards the other bone, at the outermost margin. */
    private double margin(double x) {
        return smooth(Math.abs(x), 0.58 * knee.width(), 0.72 * knee.width());
    }

    private double patella(double x, double y) {
        double across = (x - knee.patellaX()) / knee.patellaRadius();
        double down = (y - knee.patellaY()) / (0.92 * knee.patellaRadius());
        return knee.patellaRadius() * (Math.sqrt(across * across + down * down) - 1);
    }

    /** The fibula's head stands lateral and behind, its shaft goes down from it. */
    private double fibula(double x, double y) {
        double top = joint(x) + 0.40;
        double centre = 0.66 * knee.width() + 0.05 * (y - top);
        double half = 0.105 + 0.05 * Math.exp(-Math.pow((y - top - 0.12) / 0.14, 2));
        double off = x - centre;
        return smoothMax(0.9 * (top + 2.2 * off * off - y), Math.abs(off) - half);
    }

    private double joint(double x) {
        return 0.02 + knee.tilt() * x;
    }

    private double gap(double x) {
        double lateral = smooth(x, -0.16, 0.16);
        return knee.medialGap() + lateral * (knee.lateralGap() - knee.medialGap());
    }

    private double femurBottom(double x) {
        double off = Math.abs(x) - CONDYLE;
        double notch = x / 0.20;
        double arch = notch * notch;
        return joint(x) - gap(x) / 2 - 0.34 * off * off - knee.notch() * Math.exp(-arch * (0.35 + 0.65 * arch));
    }

    private double tibiaTop(double x) {
        double off = Math.abs(x) - CONDYLE;
        double medialSpine = (x + 0.075) / 0.05;
        double lateralSpine = (x - 0.085) / 0.05;
        double base = x / 0.17;
        double worn = knee.wear() * x - CONDYLE;
        return joint(x)
                + gap(x) / 2
                - 0.22 * off * off
                - 0.06 * Math.exp(-base * base)
                - knee.spines() * Math.exp(-medialSpine * medialSpine)
                - 0.85 * knee.spines() * Math.exp(-lateralSpine * lateralSpine)
                + knee.collapse() * Math.exp(-worn * worn / 0.03);
    }

    private static double smooth(double value, double from, double to) {
        double t = Math.min(1, Math.max(0, (value - from) / (to - from)));
        return t * t * (3 - 2 * t);
    }

    /** The larger of both, with the corner between them rounded. */
    private static double smoothMax(double a, double b) {
        double h = Math.max(0, CORNER - Math.abs(a - b)) / CORNER;
        return Math.max(a, b) + h * h * CORNER / 4;
    }
}
