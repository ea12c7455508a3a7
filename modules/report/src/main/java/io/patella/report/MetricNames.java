package io.patella.report;

import java.util.List;
import java.util.Map;

/** How the words of the table {@code evaluations} are printed. */
final class MetricNames {
    /** The paper's four, which get intervals and stand first. */
    static final List<String> MAIN = List.of("qwk", "accuracy", "macro_f1", "mae");

    private static final Map<String, String> PRINTED = Map.ofEntries(
            Map.entry("qwk", "QWK"),
            Map.entry("accuracy", "Accuracy"),
            Map.entry("macro_f1", "Macro-F1"),
            Map.entry("mae", "MAE"),
            Map.entry("adjacent_accuracy", "Adjacent accuracy"),
            Map.entry("adjacent_error_share", "Errors adjacent"),
            Map.entry("roc_auc_macro", "ROC AUC, macro"),
            Map.entry("roc_auc_micro", "ROC AUC, micro"),
            Map.entry("average_precision_macro", "PR AUC, macro"),
            Map.entry("average_precision_micro", "PR AUC, micro"),
            Map.entry("kl_ge_2_roc_auc", "ROC AUC, KL ≥ 2"),
            Map.entry("kl_ge_2_average_precision", "PR AUC, KL ≥ 2"),
            Map.entry("brier", "Brier score"),
            Map.entry("brier_kl_ge_2", "Brier score, KL ≥ 2"),
            Map.entry("ece_15", "ECE, 15 bins"),
            Map.entry("log_loss", "Log loss"),
            Map.entry("rps", "RPS"),
            Map.entry("loss", "Loss"),
            Map.entry("fleiss_kappa", "Fleiss’ κ"),
            Map.entry("krippendorff_alpha_ordinal", "Krippendorff’s α, ordinal"),
            Map.entry("icc2_1", "ICC(2,1)"),
            Map.entry("icc3_1", "ICC(3,1)"));

    private MetricNames() {}

    /** The printed name; words that are not known are printed with blanks for underscores. */
    static String printed(String metric) {
        return PRINTED.getOrDefault(metric, metric.replace('_', ' '));
    }
}
