package io.patella.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonAnswerTest {
    private record Answer(double rocAuc, List<Integer> counts, List<Double> values, List<String> notes) {}

    @Test
    void undefinedNumbersAreNullAndOthersKeepEveryDigit() {
        Answer answer = new Answer(Double.NaN, List.of(1, 2), List.of(0.1 + 0.2, 1 / 0.0), List.of("a\nb"));
        assertThat(JsonAnswer.text(answer))
                .isEqualTo("{\"roc_auc\":null,\"counts\":[1,2],\"values\":[0.30000000000000004,null],"
                        + "\"notes\":[\"a\\nb\"]}");
    }

    @Test
    void mapsKeepTheirKeysAndOrder() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("kl_ge_2", Double.NaN);
        answer.put("icc2_1", null);
        answer.put("matrix", new double[][] {{1 / 3.0, Double.NaN}});
        assertThat(JsonAnswer.text(answer))
                .isEqualTo("{\"kl_ge_2\":null,\"icc2_1\":null,\"matrix\":[[0.3333333333333333,null]]}");
    }
}
