package io.patella.jobs.conf;

import io.patella.engine.training.Recipe;
import io.patella.network.training.Losses;
import org.jspecify.annotations.Nullable;

/**
 * Training on from a bundle: {@code conf/finetune/*.yaml}. The bundle itself is an argument of the command.
 *
 * @param name of the model that comes out; its bundle's folder
 * @param cohort whose tables are read
 * @param split named split of that cohort whose train and validation parts are used
 * @param labels how much of the train part is learned from; null for all
 * @param grader the network that the bundle must hold, but for its dropout, which is that of the training on; null takes the bundle's
 * @param preparation of the pictures; null keeps the bundle's
 * @param losses what is minimised
 * @param recipe how
 * @param device cpu or cuda:N
 * @param threads processor threads; the last bits depend on it
 */
public record FinetuneConf(
        String name,
        String cohort,
        String split,
        TrainConf.@Nullable LabelsConf labels,
        TrainConf.@Nullable GraderConf grader,
        TrainConf.@Nullable PreparationConf preparation,
        Losses losses,
        Recipe recipe,
        String device,
        int threads) {
    public FinetuneConf {
        TrainConf.checkName(name);
    }
}
