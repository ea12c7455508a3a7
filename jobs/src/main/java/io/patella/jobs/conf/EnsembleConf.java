package io.patella.jobs.conf;

import io.patella.cohort.InputException;
import io.patella.engine.training.Recipe;
import io.patella.network.weights.ElementType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Trained graders as one: {@code conf/ensemble/*.yaml}. With a single member, the same grader on pictures of another preparation, such
 * as larger ones than it was trained on (Touvron et al. 2019, "Fixing the train-test resolution discrepancy").
 *
 * @param name of the model that comes out; its bundle's folder
 * @param cohort that the members were trained on
 * @param split of that cohort that the members were trained with; its validation part chooses
 * @param members what is joined
 * @param preparation of the pictures, for all members; null keeps the members', which must be one
 * @param thresholds trained, or centred on the validation part
 * @param stored f32, or f16: tensors of two axes and more are rounded to it, so that a zip is about half as large
 * @param device cpu or cuda:N
 * @param threads processor threads
 */
public record EnsembleConf(
        String name,
        String cohort,
        String split,
        List<MemberConf> members,
        TrainConf.@Nullable PreparationConf preparation,
        Recipe.Thresholds thresholds,
        ElementType stored,
        String device,
        int threads) {
    /** Checks name, members and type. */
    public EnsembleConf {
        TrainConf.checkName(name);
        members = List.copyOf(members);
        if (members.isEmpty()) {
            throw new InputException("members", "names no bundle", members, "one or more");
        }
        if (stored != ElementType.F32 && stored != ElementType.F16) {
            throw new InputException("stored", "not a type of stored weights", stored, "use f32 or f16");
        }
    }

    /**
     * A bundle that joins.
     *
     * @param bundle folder or zip; a relative path is from the conf's folder
     * @param share of it in the mean, above 0; their sum is brought to 1
     */
    public record MemberConf(String bundle, double share) {}
}
