package io.patella.statistics.cutpoints;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.statistics.Golden;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exhaustive enumeration by other hands: the optimum, its plateau and where descent stops. */
class CutpointSearchGoldenTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "n0040",
                "n0060_flat",
                "n0150_on_grid",
                "n0200_nonmonotone",
                "n0344_shifted",
                "n1239",
                "n0012_undefined"
            })
    void theSearchHasNoRegretAndKnowsItsPlateau(String name) {
        Golden golden = Golden.read("cutpoints/" + name);
        TunedCutpoints tuned = CutpointSearch.exact(golden.ordinal(), golden.whole("grade"));
        JsonNode expected = golden.answers().get("readings").get("sum_gt");
        assertThat(tuned.plateau().size())
                .isEqualTo(expected.get("plateau_size").intValue());
        if (tuned.plateau().size() == 0) {
            assertThat(tuned.qwk().reason()).contains("undefined for every combination");
            assertThat(tuned.cutpoints()).isEqualTo(Cutpoints.HALF);
            return;
        }
        assertThat(tuned.qwk().orElse(Double.NaN)).isEqualTo(Golden.fraction(expected.get("best_qwk")));
        assertThat(tuned.plateau().minimum()).isEqualTo(doubles(expected.get("plateau_min_per_cutpoint")));
        assertThat(tuned.plateau().maximum()).isEqualTo(doubles(expected.get("plateau_max_per_cutpoint")));
        JsonNode plateau = expected.get("plateau_hundredths");
        if (plateau != null) {
            assertThat(tuned.cutpoints().toList()).isEqualTo(nearestToMean(plateau));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"n0040", "n0060_flat", "n0150_on_grid", "n0200_nonmonotone", "n0344_shifted", "n1239"})
    void descentStopsWhereTheReferenceStops(String name) {
        Golden golden = Golden.read("cutpoints/" + name);
        TunedCutpoints tuned = CutpointSearch.coordinateDescent(golden.ordinal(), golden.whole("grade"));
        JsonNode expected =
                golden.answers().get("readings").get("sum_gt").get("descent").get("nearest");
        assertThat(tuned.qwk().orElse(Double.NaN)).isEqualTo(Golden.fraction(expected.get("qwk")));
        assertThat(tuned.cutpoints().toList()).isEqualTo(doubles(expected.get("cutpoints")));
    }

    /** Least squares to the mean of the listed plateau, the first of equals: the rule said once more, slowly. */
    private static List<Double> nearestToMean(JsonNode plateau) {
        double[] mean = new double[4];
        for (JsonNode member : plateau) {
            for (int k = 0; k < 4; k++) {
                mean[k] += member.get(k).doubleValue() / plateau.size();
            }
        }
        JsonNode best = plateau.get(0);
        double least = Double.POSITIVE_INFINITY;
        for (JsonNode member : plateau) {
            double distance = 0;
            for (int k = 0; k < 4; k++) {
                distance += Math.pow(member.get(k).doubleValue() - mean[k], 2);
            }
            if (distance < least - 1e-9) {
                least = distance;
                best = member;
            }
        }
        return doubles(best).stream().map(hundredths -> hundredths / 100).toList();
    }

    private static List<Double> doubles(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::doubleValue)
                .toList();
    }
}
