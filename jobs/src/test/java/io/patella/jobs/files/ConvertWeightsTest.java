package io.patella.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.bundle.Bundle;
import io.patella.network.bundle.BundleDescription;
import io.patella.network.grader.Grader;
import io.patella.network.grader.Graders;
import io.patella.network.preparation.Preparation;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.SafetensorsReader;
import io.patella.network.weights.SafetensorsWriter;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertWeightsTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("patella.root"), "modules/engine/src/test/resources/golden/fusenet");

    @TempDir
    Path folder;

    @Test
    void numbersChangeTheirTypeAndCountersStay() throws IOException {
        Path in = folder.resolve("in.safetensors");
        Path out = folder.resolve("out.safetensors");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("bn.weight", Tensor.of(new float[] {1.5f, -2}, 2).as(ElementType.F16));
        tensors.put("bn.num_batches_tracked", new Tensor(ElementType.I64, new long[0], ByteBuffer.allocate(8)));
        SafetensorsWriter.write(in, tensors, Map.of("licence", "MIT"));

        ConvertWeights.safetensors(in, ElementType.F32, out);

        try (SafetensorsReader reader = SafetensorsReader.open(out)) {
            assertThat(reader.metadata()).containsEntry("licence", "MIT");
            assertThat(reader.tensor("bn.weight").type()).isEqualTo(ElementType.F32);
            assertThat(reader.tensor("bn.weight").toFloats()).containsExactly(1.5f, -2);
            assertThat(reader.tensor("bn.num_batches_tracked").type()).isEqualTo(ElementType.I64);
        }
    }

    @Test
    void whatIsTakenOutOfABundleAndPutBackGivesTheSameBundle() throws IOException {
        Path bundle = bundle();
        Path weights = folder.resolve("weights.safetensors");
        ConvertWeights.outOfBundle(bundle, ElementType.F32, weights);

        Map<String, Tensor> original = SafetensorsReader.read(GOLDEN.resolve("weights.safetensors"));
        Map<String, Tensor> taken = SafetensorsReader.read(weights);
        original.forEach((name, tensor) -> {
            assertThat(taken).containsKey(name);
            assertThat(taken.get(name).bytes()).as(name).isEqualTo(tensor.bytes());
        });

        Path again = folder.resolve("again");
        String identity = ConvertWeights.intoBundle(weights, bundle, again);
        try (Bundle first = Bundle.open(bundle);
                Bundle second = Bundle.open(again)) {
            assertThat(identity).isEqualTo(first.hash()).isEqualTo(second.hash());
            assertThat(second.card()).isEqualTo("# A card");
        }
    }

    @Test
    void aPackedBundleIsTheSameBundle() throws IOException {
        Path bundle = bundle();
        Path zip = folder.resolve("one.zip");
        String identity = ConvertWeights.packed(bundle, zip);
        try (Bundle first = Bundle.open(bundle);
                Bundle second = Bundle.open(zip)) {
            assertThat(identity).isEqualTo(first.hash()).isEqualTo(second.hash());
        }
        assertThatThrownBy(() -> ConvertWeights.packed(bundle, folder.resolve("one")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a bundle is packed into a zip");
    }

    @Test
    void weightsThatDoNotFitTheBundleAreNamed() throws IOException {
        Path bundle = bundle();
        Path weights = folder.resolve("weights.safetensors");
        Map<String, Tensor> tensors =
                new LinkedHashMap<>(SafetensorsReader.read(GOLDEN.resolve("weights.safetensors")));
        tensors.put("head_binary.weight", Tensor.of(new float[1], 1));
        SafetensorsWriter.write(weights, tensors);

        Path again = folder.resolve("again");
        assertThatThrownBy(() -> ConvertWeights.intoBundle(weights, bundle, again))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("misshaped: head_binary.weight (expected F32 [1, 140], found F32 [1])");
        assertThat(again).doesNotExist();
    }

    private Path bundle() throws IOException {
        JsonNode config =
                new ObjectMapper().readTree(GOLDEN.resolve("config.json").toFile());
        Grader grader = Graders.fuseNet(config.get("convnext"), config.get("resnet"));
        ProgramModule program = grader.program(Layers.plain());
        WeightSource.named(SafetensorsReader.read(GOLDEN.resolve("weights.safetensors")), "golden")
                .fill(program);
        Path archive = folder.resolve("model.pt");
        ProgramArchive.write(program, archive, Map.of());
        Path bundle = folder.resolve("bundle");
        Bundle.write(
                bundle,
                new BundleDescription(
                        "small",
                        grader.json(),
                        Preparation.standard(64),
                        List.of(0.5, 0.5, 0.5, 0.5),
                        new ObjectMapper().createObjectNode(),
                        List.of()),
                archive,
                "# A card");
        return bundle;
    }
}
