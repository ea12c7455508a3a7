package io.patella.statistics.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.statistics.Tables;
import io.patella.statistics.bootstrap.Bootstrap;
import io.patella.statistics.metrics.Prediction;
import io.patella.statistics.metrics.Predictions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubgroupTest {
    private final List<Prediction> rows = Tables.random(5, 60, 2);

    @Test
    void missingValuesAreAStratumOfTheirOwnAndSmallOnesCarryNoFigures() {
        Map<String, String> device = new HashMap<>();
        for (Prediction row : rows) {
            int patient = Integer.parseInt(row.patientId().substring(1));
            device.put(row.imageId(), patient < 30 ? "A" : patient < 35 ? "B" : "");
        }
        List<Subgroup> subgroups = Subgroup.of(
                Predictions.of(rows), "device", device, Bootstrap.standard().withResamples(50), Subgroup.SMALLEST_CELL);
        assertThat(subgroups).extracting(Subgroup::stratum).containsExactly("A", "B", Subgroup.MISSING);
        assertThat(subgroups).extracting(Subgroup::patients).containsExactly(30, 5, 25);
        assertThat(subgroups.get(0).evaluation()).isNotNull();
        assertThat(subgroups.get(1).evaluation()).isNull();
        assertThat(subgroups.get(1).note()).isEqualTo("fewer than 10 patients: no figures");
        assertThat(subgroups.stream().mapToInt(Subgroup::images).sum()).isEqualTo(rows.size());
    }
}
