package io.patella.report;

import io.patella.report.facts.Agreement;
import io.patella.report.facts.Calibration;
import io.patella.report.facts.Characteristics;
import io.patella.report.facts.Comparison;
import io.patella.report.facts.ConsensusFacts;
import io.patella.report.facts.Curve;
import io.patella.report.facts.Estimate;
import io.patella.report.facts.Heading;
import io.patella.report.facts.Metric;
import io.patella.report.facts.OperatingPoint;
import io.patella.report.facts.PatientFlow;
import io.patella.report.facts.Performance;
import io.patella.report.facts.Pictures;
import io.patella.report.facts.Provenance;
import io.patella.report.facts.Report;
import io.patella.report.facts.SplitFacts;
import io.patella.report.facts.Subgroups;
import io.patella.report.facts.Tabulation;
import io.patella.report.facts.TrainingHistory;
import io.patella.report.facts.Value;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * A full report of invented figures, for tests and for looking at: three models, two cohorts, five subgroups. No figure
 * in it was measured.
 */
final class SampleReport {
    static final List<String> MODELS = List.of("kl-fusenet", "flat5c-convnext", "mobilenetv2-small");

    private SampleReport() {}

    /** Writes the page to the file named by the first argument. */
    public static void main(String[] arguments) throws IOException {
        Files.writeString(Path.of(arguments[0]), ReportPage.html(full(Heading.Origin.PHANTOMS)));
    }

    static Heading heading(Heading.Origin origin) {
        return new Heading(
                "Grades of three models on two cohorts",
                List.of("north", "south <second hospital>"),
                MODELS,
                "2026-01-01",
                origin);
    }

    /** Every section filled. */
    static Report full(Heading.Origin origin) {
        Report.Draft draft = Report.titled(heading(origin));
        String[] cohorts = {"north", "south <second hospital>"};
        for (String cohort : cohorts) {
            draft.flow(flow(cohort)).characteristics(characteristics(cohort));
        }
        draft.examples(examples());
        draft.consensus(consensus("south <second hospital>"));
        draft.split(split("north"));
        draft.agreement(agreement("south <second hospital>"));
        int skill = 0;
        for (String cohort : cohorts) {
            for (String model : MODELS) {
                draft.performance(performance(cohort, "test", model, 0.9 - 0.03 * skill++));
            }
        }
        for (String cohort : cohorts) {
            MODELS.forEach(model -> draft.subgroups(subgroups(cohort, model)));
        }
        draft.comparison(comparison("kl-fusenet", "flat5c-convnext", 0.03))
                .comparison(comparison("kl-fusenet", "mobilenetv2-small", 0.07))
                .comparison(comparison("flat5c-convnext", "mobilenetv2-small", 0.04));
        draft.history(history("kl-fusenet"));
        draft.tabulation(study()).tabulation(prevalence());
        draft.failures(failures());
        draft.heatmaps(heatmaps());
        draft.provenance(provenance());
        return draft.build();
    }

    static PatientFlow flow(String cohort) {
        return new PatientFlow(
                cohort,
                List.of(
                        new PatientFlow.Step(
                                "Files found",
                                8_304,
                                null,
                                List.of(
                                        new PatientFlow.Reason("truncated", 17),
                                        new PatientFlow.Reason("no image", 20),
                                        new PatientFlow.Reason("more pixels than allowed", 7))),
                        PatientFlow.Step.of("Radiographs", 8_260, 4_130L),
                        new PatientFlow.Step(
                                "With a reference grade",
                                8_100,
                                4_100L,
                                List.of(
                                        new PatientFlow.Reason("readers disagreed", 130),
                                        new PatientFlow.Reason("single reading", 30))),
                        PatientFlow.Step.of("Graded", 8_100, 4_100L)),
                List.of(
                        PatientFlow.Step.of("train", 5_670, 2_870L),
                        PatientFlow.Step.of("validation", 1_215, 615L),
                        PatientFlow.Step.of("test", 1_215, 615L)));
    }

    static Characteristics characteristics(String cohort) {
        return new Characteristics(
                cohort,
                List.of("train", "validation", "test", "all"),
                List.of(
                        new Characteristics.Block(
                                "Counted",
                                Characteristics.Shares.NONE,
                                List.of(
                                        row("Patients", 2870, 615, 615, 4100),
                                        row("Radiographs", 5670, 1215, 1215, 8100))),
                        new Characteristics.Block(
                                "KL grade",
                                Characteristics.Shares.SHOWN,
                                List.of(
                                        row("KL 0", 2233, 478, 480, 3191),
                                        row("KL 1", 1026, 220, 221, 1467),
                                        row("KL 2", 1493, 320, 318, 2131),
                                        row("KL 3", 745, 160, 159, 1064),
                                        row("KL 4", 173, 37, 37, 247))),
                        new Characteristics.Block(
                                "Laterality",
                                Characteristics.Shares.SHOWN,
                                List.of(row("left", 2830, 608, 607, 4045), row("right", 2840, 607, 608, 4055)))));
    }

    private static Characteristics.Row row(String label, long... counts) {
        List<Long> all = new ArrayList<>();
        for (long count : counts) {
            all.add(count);
        }
        return new Characteristics.Row(label, all);
    }

    static ConsensusFacts consensus(String cohort) {
        return new ConsensusFacts(
                cohort,
                "crossover",
                List.of(
                        new ConsensusFacts.Outcome("agreed", 2295, true),
                        new ConsensusFacts.Outcome("disagreed", 802, false),
                        new ConsensusFacts.Outcome("stage_missing", 41, false),
                        new ConsensusFacts.Outcome("same_reader_in_both_stages", 24, false)),
                List.of(654L, 530L, 380L, 343L, 388L));
    }

    static SplitFacts split(String cohort) {
        return new SplitFacts(
                cohort,
                "default",
                "Patient-wise, stratified on the patient's highest grade, 70/15/15, seed 42",
                List.of("train", "validation", "test"),
                List.of(2891L, 620L, 619L),
                List.of(5782L, 1240L, 1238L),
                List.of(
                        new SplitFacts.Stratum("highest KL 0", List.of(860L, 184L, 185L)),
                        new SplitFacts.Stratum("highest KL 1", List.of(500L, 107L, 107L)),
                        new SplitFacts.Stratum("highest KL 2", List.of(900L, 193L, 193L)),
                        new SplitFacts.Stratum("highest KL 3", List.of(471L, 101L, 100L)),
                        new SplitFacts.Stratum("highest KL 4", List.of(160L, 35L, 34L))),
                List.of(
                        new SplitFacts.Check("patients in two parts", 0),
                        new SplitFacts.Check("identical pictures in two parts", 0),
                        new SplitFacts.Check("radiographs without a part", 0)),
                List.of("12 patients share a picture with another and stay together."));
    }

    static Performance performance(String cohort, String part, String model, double skill) {
        Random random = new Random(model.hashCode() + cohort.hashCode());
        long[] support = {480, 221, 318, 159, 37};
        List<List<Long>> confusion = new ArrayList<>();
        List<Performance.ClassRow> classes = new ArrayList<>();
        for (int r = 0; r < 5; r++) {
            List<Long> row = new ArrayList<>(List.of(0L, 0L, 0L, 0L, 0L));
            for (int i = 0; i < support[r]; i++) {
                int c = (int) Math.round(r + random.nextGaussian() * (1.6 - skill));
                c = Math.max(0, Math.min(4, c));
                row.set(c, row.get(c) + 1);
            }
            confusion.add(row);
            double f = (double) row.get(r) / support[r];
            classes.add(new Performance.ClassRow(
                    r, around(f + 0.02, 0.03), around(f, 0.04), around(f + 0.01, 0.03), support[r]));
        }
        List<Curve> roc = new ArrayList<>();
        List<Curve> pr = new ArrayList<>();
        for (int k = 0; k < 8; k++) {
            String name = k < 5 ? "KL " + k : k == 5 ? "macro" : k == 6 ? "micro" : "KL>=2";
            double power = 0.06 + (1 - skill) * (1.1 - 0.13 * k);
            List<Curve.Point> points = new ArrayList<>();
            List<Curve.Point> precision = new ArrayList<>();
            for (int i = 0; i <= 400; i++) {
                double x = i / 400.0;
                points.add(new Curve.Point(x, Math.round(Math.pow(x, power) * 200) / 200.0));
                precision.add(new Curve.Point(x, 1 - 0.6 * Math.pow(x, 1 / (power + 0.15))));
            }
            roc.add(new Curve(name, points, 1 / (1 + power)));
            pr.add(new Curve(name, precision, 1 - power));
        }
        List<Calibration.Bin> bins = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            double p = (i + 0.5) / 15;
            double o = Math.max(0, Math.min(1, p + (p - 0.5) * 0.2 + random.nextGaussian() * 0.02));
            bins.add(new Calibration.Bin(
                    p,
                    new Estimate(o, Math.max(0, o - 0.06), Math.min(1, o + 0.06)),
                    i == 0 || i == 14 ? 300 : 30 + random.nextInt(60)));
        }
        List<Curve.Point> benefit = new ArrayList<>();
        List<Curve.Point> all = new ArrayList<>();
        List<Curve.Point> none = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            double t = i / 100.0;
            benefit.add(new Curve.Point(t, 0.42 * Math.pow(1 - t, 0.35) * (0.7 + skill / 3)));
            all.add(new Curve.Point(t, 0.42 - 0.58 * t / (1 - t)));
            none.add(new Curve.Point(t, 0));
        }
        return new Performance(
                cohort,
                part,
                model,
                1215,
                615,
                "patient-level bootstrap (percentile, B = 2000, seed 42)",
                List.of(
                        new Metric("qwk", around(skill, 0.014)),
                        new Metric("accuracy", around(skill - 0.17, 0.025)),
                        new Metric("macro_f1", around(skill - 0.15, 0.03)),
                        new Metric("mae", around(1.2 - skill, 0.03)),
                        new Metric("adjacent_accuracy", Estimate.of(0.96)),
                        new Metric("adjacent_error_share", Estimate.of(0.93)),
                        new Metric("roc_auc_macro", Estimate.of(skill + 0.02)),
                        new Metric("kl_ge_2_roc_auc", around(skill + 0.05, 0.01)),
                        new Metric("icc3_1", Estimate.undefined())),
                classes,
                confusion,
                roc,
                pr,
                List.of(
                        operating("Youden", 0.47, 0.91, 0.93),
                        operating("sensitivity ≥ 0.90", 0.51, 0.90, 0.94),
                        operating("sensitivity ≥ 0.95", 0.31, 0.95, 0.86)),
                new Calibration(
                        "p(KL ≥ 2)",
                        bins,
                        List.of(
                                new Metric("ece_15", Estimate.of(0.041)),
                                new Metric("brier", Estimate.of(0.402)),
                                new Metric("rps", Estimate.of(0.211)),
                                new Metric("log_loss", Estimate.of(0.71)))),
                List.of(
                        new Curve(model, benefit, null),
                        new Curve("treat all", all, null),
                        new Curve("treat none", none, null)),
                List.of("ICC(3,1) is undefined: one reader only."));
    }

    private static OperatingPoint operating(String rule, double threshold, double sensitivity, double specificity) {
        return new OperatingPoint(
                rule,
                threshold,
                around(sensitivity, 0.02),
                around(specificity, 0.015),
                around(0.88, 0.02),
                around(0.94, 0.01));
    }

    static Estimate around(double value, double half) {
        return new Estimate(value, value - half, value + half * 0.9);
    }

    static Subgroups subgroups(String cohort, String model) {
        return new Subgroups(
                cohort,
                "test",
                model,
                "qwk",
                around(0.881, 0.014),
                30,
                List.of(
                        new Subgroups.Stratum("laterality", "left", 607, 607, around(0.874, 0.02)),
                        new Subgroups.Stratum("laterality", "right", 608, 608, around(0.887, 0.019)),
                        new Subgroups.Stratum("sex", "female", 700, 352, around(0.879, 0.018)),
                        new Subgroups.Stratum("sex", "male", 490, 250, around(0.884, 0.023)),
                        new Subgroups.Stratum("sex", "missing", 25, 13, Estimate.undefined()),
                        new Subgroups.Stratum("age_band", "45–54", 300, 150, around(0.842, 0.041)),
                        new Subgroups.Stratum("age_band", "55–64", 500, 260, around(0.883, 0.024)),
                        new Subgroups.Stratum("age_band", "65 and over", 415, 205, around(0.902, 0.025)),
                        new Subgroups.Stratum("visit", "00", 1000, 615, around(0.882, 0.015)),
                        new Subgroups.Stratum("visit", "12", 215, 110, around(0.871, 0.044)),
                        new Subgroups.Stratum("device", "A", 900, 455, around(0.889, 0.016)),
                        new Subgroups.Stratum("device", "B", 315, 160, around(0.858, 0.036))));
    }

    static Comparison comparison(String a, String b, double difference) {
        return new Comparison(
                "north",
                "test",
                a,
                b,
                1215,
                List.of(
                        new Metric("qwk", around(difference, 0.018)),
                        new Metric("accuracy", around(difference * 0.8, 0.021)),
                        new Metric("macro_f1", around(difference * 0.7, 0.03)),
                        new Metric("mae", around(-difference, 0.03))),
                122,
                93,
                0.0562,
                0.00021,
                0.1124,
                List.of("p-values of McNemar's test are adjusted after Holm over 3 comparisons."));
    }

    static Agreement agreement(String cohort) {
        return new Agreement(
                cohort,
                List.of(
                        pair(Agreement.Kind.READER_READER, "reader 1", "reader 2", 0.81),
                        pair(Agreement.Kind.READER_READER, "reader 1", "reader 3", 0.79),
                        pair(Agreement.Kind.MODEL_READER, "kl-fusenet", "reader 1", 0.86),
                        pair(Agreement.Kind.MODEL_READER, "kl-fusenet", "reader 2", 0.84),
                        pair(Agreement.Kind.MODEL_CONSENSUS, "kl-fusenet", "consensus", 0.9)),
                List.of(
                        new Metric("fleiss_kappa", Estimate.of(0.61)),
                        new Metric("krippendorff_alpha_ordinal", Estimate.of(0.83)),
                        new Metric("icc2_1", Estimate.undefined())),
                List.of("ICC(2,1) needs complete readings; 12 are missing."));
    }

    private static Agreement.Pair pair(Agreement.Kind kind, String first, String second, double kappa) {
        return new Agreement.Pair(
                kind, first, second, 2295, Estimate.of(kappa - 0.1), Estimate.of(kappa - 0.2), around(kappa, 0.02));
    }

    static TrainingHistory history(String model) {
        List<TrainingHistory.Series> series = new ArrayList<>();
        for (String metric : List.of("loss", "accuracy", "qwk")) {
            for (String part : List.of("train", "validation")) {
                List<Curve.Point> points = new ArrayList<>();
                Random random = new Random(metric.hashCode());
                for (int epoch = 1; epoch <= 40; epoch++) {
                    double gain = 1 - Math.exp(-epoch / 9.0);
                    double gap = part.equals("train") ? 0 : 0.06 * epoch / 40 + random.nextGaussian() * 0.006;
                    points.add(new Curve.Point(
                            epoch, metric.equals("loss") ? 2.6 - 1.9 * gain + 4 * gap : 0.3 + 0.6 * gain - gap));
                }
                series.add(new TrainingHistory.Series(metric, part, points));
            }
        }
        return new TrainingHistory(model, "no better validation QWK for 12 epochs", 28, series);
    }

    static Tabulation study() {
        return new Tabulation(
                "Studies",
                "Test-time augmentation",
                "Validation part, the same weights with 0, 4 and 8 views.",
                List.of("Views", "QWK", "Accuracy", "Milliseconds"),
                List.of(
                        List.of(Value.words("0"), around(0.871, 0.015), around(0.692, 0.026), Value.count(61)),
                        List.of(Value.words("4"), around(0.876, 0.015), around(0.697, 0.026), Value.count(240)),
                        List.of(Value.words("8"), around(0.879, 0.014), around(0.701, 0.026), Value.count(480))),
                List.of("Views are averaged as probabilities."));
    }

    static Tabulation prevalence() {
        return new Tabulation(
                "Hard grades",
                "Prevalence corrected for misgrading",
                "Shares of the model's grades before and after correction by the confusion matrix of the validation part.",
                List.of("Grade", "As graded", "Corrected"),
                List.of(
                        List.of(Value.words("KL 0"), Estimate.of(0.41), around(0.394, 0.02)),
                        List.of(Value.words("KL 1"), Estimate.of(0.16), around(0.181, 0.03))),
                List.of());
    }

    private static Pictures.Examples examples() {
        List<Pictures.Strip> strips = new ArrayList<>();
        for (int grade = 0; grade < 5; grade++) {
            List<Pictures.Picture> pictures = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                pictures.add(picture("P" + grade + i + "L", grade, false));
            }
            strips.add(new Pictures.Strip(grade, pictures));
        }
        return new Pictures.Examples("north", strips);
    }

    private static Pictures.Failures failures() {
        List<Pictures.Failure> failures = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            failures.add(new Pictures.Failure(
                    picture("9001" + i + "R", 3, false),
                    i % 2 == 0 ? picture("9001" + i + "R", 3, true) : null,
                    4,
                    1,
                    List.of(0.2, 0.55, 0.15, 0.07, 0.03)));
        }
        return new Pictures.Failures("north", "test", "kl-fusenet", failures);
    }

    private static Pictures.HeatmapGrid heatmaps() {
        List<Pictures.HeatmapRow> rows = new ArrayList<>();
        for (int grade = 0; grade < 5; grade++) {
            rows.add(new Pictures.HeatmapRow(
                    grade,
                    List.of(
                            new Pictures.Heatmap(
                                    picture("A" + grade, grade, false), picture("A" + grade, grade, true), grade),
                            new Pictures.Heatmap(
                                    picture("B" + grade, grade, false), picture("B" + grade, grade, true), grade))));
        }
        return new Pictures.HeatmapGrid("north", "kl-fusenet", rows);
    }

    private static Provenance provenance() {
        return new Provenance(
                List.of(new Provenance.Run(
                        "20260101-120000-ab12",
                        "evaluate",
                        "2026-01-01 12:00:00",
                        "done",
                        Map.of("grades", "7293746592834756123"),
                        Map.of("evaluations", "1193746592834756123"),
                        "resamples: 2000\nseed: 42\n# <&> \"quoted\"\n")),
                List.of(new Provenance.ModelIdentity(
                        "kl-fusenet",
                        "sha256:9daff59df72d11199e8835c39c2d29b18748242e740a9929eb129d2869b7988d",
                        "convnext_base + resnet50",
                        "sha256:eb9dd66b08991f8add714c9b9675ccc8c40ca35aab7a79bd96d25ce104096201",
                        "cpu-f32-strict")),
                Map.of("evaluations", "1193746592834756123", "grades", "7293746592834756123"),
                Map.of("Java", "17.0.9", "Spark", "4.1.3"),
                "23ca6d4");
    }

    /** Two bones with a gap that narrows with the grade, drawn with a few ellipses. */
    static Pictures.Picture picture(String id, int grade, boolean heat) {
        BufferedImage image = new BufferedImage(112, 112, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(new Color(40, 40, 40));
        graphics.fillRect(0, 0, 112, 112);
        graphics.setColor(new Color(180, 180, 180));
        graphics.fillRoundRect(24, -20, 64, 72 + grade * 2, 30, 30);
        graphics.fillRoundRect(22, 62 - grade, 68, 80, 24, 24);
        if (heat) {
            graphics.setColor(new Color(255, 60, 0, 110));
            graphics.fillOval(20, 40, 40, 30);
        }
        graphics.dispose();
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            ImageIO.write(image, "png", out);
            return Pictures.Picture.png(id, out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
