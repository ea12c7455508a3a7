package io.patella.cohort.split;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.cohort.Golden;
import io.patella.cohort.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatientSplitGoldenTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "all_strata_1",
                "external_2295",
                "n100_clean",
                "oai_4130",
                "odd_ids",
                "one_stratum_11",
                "strata_of_1_and_2",
                "two_patients"
            })
    void sizesAreTheExactOnesForEverySeed(String name) {
        JsonNode golden = Golden.json("split/" + name + ".json");
        List<Patient> patients = patients(name);
        assertThat(patients).hasSize(golden.get("patients").asInt());
        for (long seed : new long[] {42, 0, -7}) {
            SplitReport report =
                    SplitReport.of(patients, PatientSplit.seeded(seed).assign(patients));
            List<Integer> totals = report.parts().stream()
                    .map(SplitReport.PartCounts::patients)
                    .toList();
            assertThat(totals).isEqualTo(integers(golden.get("totals_exact")));
            golden.get("expected")
                    .properties()
                    .forEach(stratum -> assertThat(cells(report, Integer.parseInt(stratum.getKey())))
                            .as("stratum %s", stratum.getKey())
                            .isEqualTo(integers(stratum.getValue())));
            int images = report.parts().stream()
                    .mapToInt(SplitReport.PartCounts::images)
                    .sum();
            assertThat(images).isEqualTo(golden.get("images").asInt());
            assertThat(report.isByPatient()).isTrue();
        }
    }

    private static List<Integer> cells(SplitReport report, int stratum) {
        List<Integer> cells = new ArrayList<>();
        for (Part part : Part.values()) {
            cells.add(report.part(part).patientsPerStratum().get(stratum));
        }
        return cells;
    }

    static List<Patient> patients(String name) {
        return Patient.from(Golden.csv("split/" + name + ".csv").stream()
                .map(row -> new GradedImage(
                        row.get("image_id"), row.get("patient_id"), Integer.parseInt(row.get("grade")), null))
                .collect(Collectors.toList()));
    }

    private static List<Integer> integers(JsonNode array) {
        List<Integer> list = new ArrayList<>();
        array.forEach(each -> list.add(each.asInt()));
        return list;
    }
}
