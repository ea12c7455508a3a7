package io.patella.report.facts;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How well one model graded one part of one cohort.
 *
 * @param cohort the cohort
 * @param part train, validation, test or all
 * @param model the model's name
 * @param images how many radiographs
 * @param patients of how many patients
 * @param interval how intervals were made, e.g. "patient-level bootstrap, percentile, B = 2000, seed 42"
 * @param metrics scalar metrics, the most important first
 * @param classes one row per grade
 * @param confusion counts, rows = reference grade, columns = predicted grade; empty when not known
 * @param roc one-vs-rest ROC curves per grade, macro, micro: x = 1 - specificity, y = sensitivity
 * @param precisionRecall precision-recall curves likewise: x = recall, y = precision
 * @param operatingPoints thresholds on p(KL >= 2)
 * @param calibration reliability, or null
 * @param decision net benefit by threshold probability: the model and the two defaults
 * @param notes remarks, among them the reasons of undefined figures
 */
public record Performance(
        String cohort,
        String part,
        String model,
        long images,
        long patients,
        String interval,
        List<Metric> metrics,
        List<ClassRow> classes,
        List<List<Long>> confusion,
        List<Curve> roc,
        List<Curve> precisionRecall,
        List<OperatingPoint> operatingPoints,
        @Nullable Calibration calibration,
        List<Curve> decision,
        List<String> notes) {
    public Performance {
        metrics = List.copyOf(metrics);
        classes = List.copyOf(classes);
        confusion = confusion.stream().map(List::copyOf).toList();
        roc = List.copyOf(roc);
        precisionRecall = List.copyOf(precisionRecall);
        operatingPoints = List.copyOf(operatingPoints);
        decision = List.copyOf(decision);
        notes = List.copyOf(notes);
        for (List<Long> row : confusion) {
            if (row.size() != confusion.size()) {
                throw new IllegalArgumentException("a confusion matrix must be square: " + confusion);
            }
        }
    }

    /** The metric of that name. */
    public Optional<Metric> metric(String name) {
        return metrics.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** "model, cohort part", as captions name it. */
    public String label() {
        return model + ", " + cohort + " " + part;
    }

    /** Precision, recall and F1 of one grade; support = radiographs with this reference grade. */
    public record ClassRow(int grade, Estimate precision, Estimate recall, Estimate f1, long support) {}
}
