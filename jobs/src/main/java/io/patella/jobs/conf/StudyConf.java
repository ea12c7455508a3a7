package io.patella.jobs.conf;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A study: models, each trained by a conf of {@code conf/train} or {@code conf/finetune} with some keys changed, or given as a bundle,
 * and where each is evaluated: {@code conf/study/*.yaml}.
 *
 * @param study which of {@link #STUDIES} it is; the command's word must be the same
 * @param name of its table's files and the beginning of its models' names
 * @param title of its table
 * @param mode of grading, such as cpu-f32; null for the fastest of this processor
 * @param set keys changed in the conf of every model, {@code key=value}
 * @param folds cross-validation: every model is trained and evaluated once a fold; null for none
 * @param models in the order of the table
 */
public record StudyConf(
        String study,
        String name,
        String title,
        @Nullable String mode,
        List<String> set,
        @Nullable FoldsConf folds,
        List<ModelConf> models) {
    /** Test-time views; parts of the network left out; how many labels; cross-validation; the paper's Table 5. */
    public static final List<String> STUDIES = List.of("tta", "ablation", "labels", "kfold", "table5");

    /**
     * @throws InputException when a name comes twice or a model starts from one that does not come before it
     */
    public StudyConf {
        TrainConf.checkName(name);
        set = List.copyOf(set);
        models = List.copyOf(models);
        if (!STUDIES.contains(study)) {
            throw new InputException("study", "unknown", study, "use one of " + STUDIES);
        }
        Set<String> before = new HashSet<>();
        for (ModelConf model : models) {
            if (model.finetune() != null && !before.contains(model.from())) {
                throw new InputException(
                        model.name() + ".from", "no model of this name comes before", model.from(), "one of " + before);
            }
            if (!before.add(model.name())) {
                throw new InputException("models", "two of one name", model.name(), "give each its own");
            }
        }
    }

    /**
     * Cross-validation by patient.
     *
     * @param cohort that is divided
     * @param folds how many, at least 3
     * @param seed of the division
     */
    public record FoldsConf(String cohort, int folds, long seed) {}

    /**
     * One model. Exactly one of {@code train}, {@code finetune} and {@code bundle} says where it comes from.
     *
     * @param name in the table
     * @param train conf of a training, relative to the study's file
     * @param finetune conf of a fine-tuning, relative to the study's file
     * @param from the model that the fine-tuning starts from, one that comes before
     * @param bundle a bundle as it is, relative to the study's file
     * @param set keys changed in its conf
     * @param evaluate where it is evaluated
     */
    public record ModelConf(
            String name,
            @Nullable String train,
            @Nullable String finetune,
            @Nullable String from,
            @Nullable String bundle,
            List<String> set,
            List<EvaluationConf> evaluate) {
        public ModelConf {
            set = List.copyOf(set);
            evaluate = List.copyOf(evaluate);
            int ways = (train == null ? 0 : 1) + (finetune == null ? 0 : 1) + (bundle == null ? 0 : 1);
            if (ways != 1) {
                throw new InputException("models", "one of train, finetune and bundle", name, "write one of them");
            }
        }

        /** The part of the name that stands in file names. */
        public String slug() {
            return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-").replaceAll("^-|-$", "");
        }
    }

    /**
     * Where a model is evaluated.
     *
     * @param name in the table
     * @param cohort whose pictures
     * @param split that the part belongs to
     * @param part train, validation, test, or all for the whole cohort
     * @param views test-time views, 0, 2, 4 or 8; null for the bundle's own
     */
    public record EvaluationConf(
            String name,
            String cohort,
            String split,
            String part,
            @Nullable Integer views) {
        public EvaluationConf {
            if (!part.equals("all")) {
                Part.parse(part, "part");
            }
        }

        /** The part; null for the whole cohort. */
        public @Nullable Part partOrNull() {
            return part.equals("all") ? null : Part.parse(part, "part");
        }

        /** The same within a fold: its split, where the part is one of it. */
        public EvaluationConf within(String fold, String foldsCohort) {
            return cohort.equals(foldsCohort) && !part.equals("all")
                    ? new EvaluationConf(name, cohort, fold, part, views)
                    : this;
        }
    }

    /** All overrides of a model: the study's, then its own, then {@code more}. */
    public List<String> overrides(ModelConf model, List<String> more) {
        List<String> all = new ArrayList<>(set);
        all.addAll(model.set());
        all.addAll(more);
        return all;
    }
}
