package io.patella.network.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.network.grader.Graders;
import io.patella.network.program.ProgramModule;
import io.patella.network.program.Slot;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A pretrained backbone comes whole or not at all: half of one would train, and nobody would know. */
class WeightSourceTest {
    private static final String PREFIX = "patch_backbone";

    @Test
    void aBackboneComesUnderItsPlaceAndTheRestStaysAsDrawn() {
        Map<String, Tensor> file = pretrained();
        file.put("classifier.weight", zeros(5, 1280)); // as in the file of a whole classifier
        file.remove("bn1.num_batches_tracked"); // as in many published files
        ProgramModule network = network();
        WeightSource.backbone(WeightSource.seeded(1), PREFIX, file, "file").fill(network);
        Map<String, Slot> slots = network.tensors();
        assertThat(slots.get(PREFIX + ".conv_stem.weight").value().tensor()).isEqualTo(file.get("conv_stem.weight"));
        assertThat(slots.get("global_backbone.conv_stem.weight").value().tensor())
                .isNotEqualTo(file.get("conv_stem.weight"));
    }

    @Test
    void whatIsMissingUnexpectedOrOfAnotherShapeIsNamedAtOnce() {
        Map<String, Tensor> file = pretrained();
        file.remove("blocks.2.0.conv_dw.weight");
        file.put("blocks.9.0.conv_dw.weight", zeros(1));
        file.put("conv_stem.weight", zeros(32, 1, 3, 3));
        WeightSource source = WeightSource.backbone(WeightSource.seeded(1), PREFIX, file, "weights.safetensors");
        assertThatThrownBy(() -> source.fill(network()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("weights.safetensors")
                .hasMessageContaining("3 places")
                .hasMessageContaining("missing blocks.2.0.conv_dw.weight [144, 1, 3, 3]")
                .hasMessageContaining("unexpected blocks.9.0.conv_dw.weight [1]")
                .hasMessageContaining("conv_stem.weight is [32, 1, 3, 3], expected [32, 3, 3, 3]");
        assertThatCode(() -> WeightSource.backbone(WeightSource.seeded(1), PREFIX, pretrained(), "file")
                        .fill(network()))
                .doesNotThrowAnyException();
    }

    private static ProgramModule network() {
        return Graders.byName("kl-fusenet-mobilenetv2").program(Layers.plain());
    }

    /** The backbone of another seed, by its own names. */
    private static Map<String, Tensor> pretrained() {
        ProgramModule network = network();
        WeightSource.seeded(2).fill(network);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        network.tensors().forEach((name, slot) -> {
            if (name.startsWith(PREFIX + ".") && slot.value() != null) {
                tensors.put(name.substring(PREFIX.length() + 1), slot.value().tensor());
            }
        });
        return tensors;
    }

    private static Tensor zeros(long... shape) {
        int elements = 1;
        for (long size : shape) {
            elements *= (int) size;
        }
        return new Tensor(ElementType.F32, shape, ByteBuffer.allocateDirect(4 * elements));
    }
}
