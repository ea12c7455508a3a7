package io.patella.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import java.io.InputStream;
import java.util.Iterator;
import org.junit.jupiter.api.Test;

/** Every reading of "cosine with warm-up" against timm's and torch's schedulers. */
class ScheduleGoldenTest {
    @Test
    void ratesAreTimmsAndTorchs() throws Exception {
        int compared = 0;
        try (InputStream in = getClass().getResourceAsStream("/golden/units/lr_schedules.json")) {
            for (JsonNode each : new ObjectMapper().readTree(in).get("cases")) {
                for (Iterator<String> names = each.fieldNames(); names.hasNext(); ) {
                    String name = names.next();
                    if (each.get(name).isArray()) {
                        compare(each, name);
                        compared++;
                    }
                }
            }
        }
        assertThat(compared).as("schedules compared").isEqualTo(24);
    }

    private static void compare(JsonNode run, String name) {
        int warmUp = run.get("warmup_epochs").asInt();
        Schedule schedule = switch (name.charAt(0)) {
            case 'A' ->
                new Schedule(
                        name.endsWith("true") ? Schedule.Reading.TIMM_PREFIX : Schedule.Reading.TIMM,
                        warmUp,
                        name.contains("1e-06") ? 1e-6 : 0);
            case 'B' ->
                new Schedule(
                        name.startsWith("B1") ? Schedule.Reading.STEP : Schedule.Reading.STEP_FROM_ZERO, warmUp, 0);
            default ->
                name.contains("per_step")
                        ? new Schedule(Schedule.Reading.TORCH_STEP, warmUp, 0)
                        : new Schedule(Schedule.Reading.TORCH, warmUp, name.contains("0.333333") ? 1.0 / 3 : 0.01);
        };
        int stepsPerEpoch = run.get("steps_per_epoch").asInt();
        int epochs = run.get("epochs").asInt();
        JsonNode rates = run.get(name);
        boolean perStep = rates.size() == epochs * stepsPerEpoch;
        for (int i = 0; i < rates.size(); i++) {
            long step = perStep ? i : (long) i * stepsPerEpoch;
            JsonNode pair = rates.get(i);
            if (pair.isArray()) {
                close(
                        schedule,
                        run.get("base_lr").asDouble(),
                        step,
                        stepsPerEpoch,
                        epochs,
                        pair.get(0),
                        name + " " + i);
                close(
                        schedule,
                        run.get("head_lr").asDouble(),
                        step,
                        stepsPerEpoch,
                        epochs,
                        pair.get(1),
                        name + " " + i);
            } else {
                close(schedule, run.get("base_lr").asDouble(), step, stepsPerEpoch, epochs, pair, name + " " + i);
            }
        }
    }

    private static void close(
            Schedule schedule, double base, long step, int stepsPerEpoch, int epochs, JsonNode expected, String what) {
        double rate = schedule.rate(base, step, stepsPerEpoch, epochs);
        assertThat(Math.abs(rate - expected.asDouble()))
                .as(what)
                .isLessThanOrEqualTo(1e-15 + 1e-9 * expected.asDouble());
    }

    @Test
    void wordsOfConfAreRefusedWithTheKnownOnes() {
        assertThat(Schedule.Reading.parse("timm_prefix", "conf")).isEqualTo(Schedule.Reading.TIMM_PREFIX);
        assertThatThrownBy(() -> Schedule.Reading.parse("linear", "train.yaml: schedule"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("train.yaml: schedule: unknown schedule: linear (use one of [step,");
    }
}
