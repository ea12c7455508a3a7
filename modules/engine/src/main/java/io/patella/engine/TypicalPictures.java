package io.patella.engine;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.imaging.Gray8;
import io.patella.network.bundle.Bundle;
import io.patella.network.bundle.Typical;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Teaches a bundle which pictures are of the kind that it learned from, so that it flags others: the last step of writing one. */
public final class TypicalPictures {
    /** Train pictures looked at: enough for centres and covariance, few enough to be quick. */
    private static final int MOST = 4_000;

    private static final int BATCH = 32;

    private TypicalPictures() {}

    /**
     * A picture of the bundle's training.
     *
     * @param picture canonical, not deletterboxed
     * @param grade reference grade
     * @param part train or validation; pictures of the test part are left alone
     */
    public record Labelled(Gray8 picture, int grade, Part part) {}

    /**
     * Measures {@link Typical} on a bundle's own train and validation pictures and writes the bundle again with it, in place of any that
     * it had. The bundle's hash changes.
     *
     * @param bundle folder or zip
     * @param threads of the processor
     * @param train how many train pictures will come; of more than 4,000 an even share is looked at
     * @param pictures in any order, each once
     * @return the bundle's new hash
     * @throws InputException when there are fewer than two train pictures or no validation picture
     */
    public static String addTo(Path bundle, Device device, int threads, long train, Iterator<Labelled> pictures) {
        long every = Math.max(1, (train + MOST - 1) / MOST);
        List<float[]> learned = new ArrayList<>();
        List<Integer> grades = new ArrayList<>();
        List<float[]> validation = new ArrayList<>();
        try (OpenedBundle grader = OpenedBundle.open(bundle, device, ExecutionMode.float32(device), threads)) {
            long seen = 0;
            List<Labelled> batch = new ArrayList<>();
            while (pictures.hasNext()) {
                Labelled each = pictures.next();
                if (each.part() == Part.VALIDATION || (each.part() == Part.TRAIN && seen++ % every == 0)) {
                    batch.add(each);
                }
                if (batch.size() == BATCH || !pictures.hasNext()) {
                    List<float[]> joined =
                            grader.joined(batch.stream().map(Labelled::picture).toList());
                    for (int i = 0; i < joined.size(); i++) {
                        if (batch.get(i).part() == Part.TRAIN) {
                            learned.add(joined.get(i));
                            grades.add(batch.get(i).grade());
                        } else {
                            validation.add(joined.get(i));
                        }
                    }
                    batch.clear();
                }
            }
        }
        if (learned.size() < 2 || validation.isEmpty()) {
            throw new InputException(
                    bundle.toString(),
                    "too few pictures to say which are typical",
                    learned.size() + " train, " + validation.size() + " validation",
                    "needs two of train and one of validation");
        }
        Typical typical =
                Typical.of(learned, grades.stream().mapToInt(grade -> grade).toArray(), validation);
        try (Bundle files = Bundle.open(bundle)) {
            return Bundle.write(bundle, files.description(), files.model(), files.card(), typical);
        }
    }
}
