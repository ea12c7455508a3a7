package io.patella.jobs.files;

import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.comparison.Comparison;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code patella compare --a F --b F}: graders on the same images. */
public final class CompareFiles {
    private CompareFiles() {}

    /**
     * Compares {@code a} with each of {@code others}.
     *
     * @param margin how much worse a may be to count as non-inferior, in units of each metric; null for no verdict
     */
    public static ComparisonAnswer run(Path a, List<Path> others, Bootstrap bootstrap, @Nullable Double margin) {
        PredictionsFile first = PredictionsFile.read(a);
        List<ComparisonAnswer.Pair> pairs = new ArrayList<>();
        for (Path b : others) {
            PredictionsFile second = PredictionsFile.read(b);
            first.requireSameImages(second);
            Comparison comparison = Comparison.of(first.predictions(), second.predictions(), bootstrap);
            pairs.add(new ComparisonAnswer.Pair(
                    first.name(), second.name(), margin == null ? comparison : comparison.judged(margin)));
        }
        return new ComparisonAnswer(pairs);
    }
}
