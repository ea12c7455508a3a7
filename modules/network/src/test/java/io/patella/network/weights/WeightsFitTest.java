package io.patella.network.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.network.weights.WeightsFit.Fault;
import io.patella.network.weights.WeightsFit.Finding;
import io.patella.network.weights.WeightsFit.Place;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightsFitTest {
    private static final Map<String, Place> PLACES = places();

    @Test
    void theRightTensorsFitInAnyFloatingPointTypeAndWithoutTheCounter() {
        WeightsFit fit = fit(Map.of(
                "conv.weight", Tensor.of(new float[2], 2, 1).as(ElementType.F16),
                "bn.running_mean", Tensor.of(new float[1], 1)));
        assertThat(fit.fits()).isTrue();
        assertThatCode(() -> fit.require("f", "a network")).doesNotThrowAnyException();
    }

    @Test
    void missingUnexpectedAndMisshapedAreFoundAtOnce() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("conv.weight", Tensor.of(new float[2], 1, 2));
        tensors.put("fc.weight", Tensor.of(new float[1], 1));
        WeightsFit fit = fit(tensors);

        assertThat(fit.findings())
                .containsExactly(
                        new Finding("conv.weight", Fault.MISSHAPED, "F32 [2, 1]", "F32 [1, 2]"),
                        new Finding("bn.running_mean", Fault.MISSING, "F32 [1]", "-"),
                        new Finding("fc.weight", Fault.UNEXPECTED, "-", "F32 [1]"));
        assertThat(fit.counts()).containsEntry(Fault.MISSING, 1L).containsEntry(Fault.NOT_FINITE, 0L);
        assertThatThrownBy(() -> fit.require("w.safetensors", "resnet18"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "w.safetensors: does not fit resnet18: missing: bn.running_mean (expected F32 [1], found -)")
                .hasMessageContaining("misshaped: conv.weight (expected F32 [2, 1], found F32 [1, 2])");
    }

    @Test
    void aNanIsFoundWithItsPlace() {
        WeightsFit fit = fit(Map.of(
                "conv.weight", Tensor.of(new float[] {1, Float.NaN}, 2, 1),
                "bn.running_mean", Tensor.of(new float[1], 1)));
        assertThat(fit.findings())
                .containsExactly(
                        new Finding("conv.weight", Fault.NOT_FINITE, "finite elements", "1 not finite, first at 1"));
    }

    @Test
    void integersDoNotFitWhereFractionsBelong() {
        WeightsFit fit = fit(Map.of(
                "conv.weight",
                new Tensor(ElementType.I32, new long[] {2, 1}, ByteBuffer.allocate(8)),
                "bn.running_mean",
                Tensor.of(new float[1], 1)));
        assertThat(fit.findings())
                .containsExactly(new Finding("conv.weight", Fault.MISTYPED, "F32 [2, 1]", "I32 [2, 1]"));
    }

    private static WeightsFit fit(Map<String, Tensor> tensors) {
        return WeightsFit.of(PLACES, tensors);
    }

    private static Map<String, Place> places() {
        Map<String, Place> places = new LinkedHashMap<>();
        places.put("conv.weight", new Place(ElementType.F32, List.of(2L, 1L), false));
        places.put("bn.running_mean", new Place(ElementType.F32, List.of(1L), false));
        places.put("bn.num_batches_tracked", new Place(ElementType.I64, List.of(), true));
        return places;
    }
}
