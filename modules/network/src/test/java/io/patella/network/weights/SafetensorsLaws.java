package io.patella.network.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SafetensorsLaws {
    @Property(tries = 200)
    void whatIsWrittenIsRead(
            @ForAll("tensors") Map<String, Tensor> written, @ForAll("texts") Map<String, String> metadata)
            throws IOException {
        Path file = Files.createTempFile("laws", ".safetensors");
        try {
            SafetensorsWriter.write(file, written, metadata);
            try (SafetensorsReader reader = SafetensorsReader.open(file)) {
                assertThat(reader.metadata()).isEqualTo(metadata);
                Map<String, Tensor> read = reader.tensors();
                assertThat(read.keySet()).isEqualTo(written.keySet());
                written.forEach((name, tensor) -> {
                    assertThat(read.get(name).type()).isEqualTo(tensor.type());
                    assertThat(read.get(name).shape()).isEqualTo(tensor.shape());
                    assertThat(read.get(name).bytes()).isEqualTo(tensor.bytes());
                });
            }
        } finally {
            Files.delete(file);
        }
    }

    @Property
    void wideningAndNarrowingAgainLosesNothing(@ForAll float value) {
        for (ElementType narrow : List.of(ElementType.F16, ElementType.BF16)) {
            Tensor once = Tensor.of(new float[] {value}).as(narrow);
            assertThat(once.as(ElementType.F64).as(narrow).bytes()).isEqualTo(once.bytes());
        }
    }

    @Property
    void noOtherHalfIsNearer(@ForAll float value) {
        if (Math.abs(value) > 65504) {
            return;
        }
        Tensor half = Tensor.of(new float[] {value}).as(ElementType.F16);
        short bits = half.bytes().getShort(0);
        double error = Math.abs((double) half.toFloats()[0] - value);
        for (int step = -1; step <= 1; step += 2) {
            ByteBuffer neighbour =
                    ByteBuffer.allocate(2).put(0, (byte) (bits + step)).put(1, (byte) ((bits + step) >> 8));
            float other = new Tensor(ElementType.F16, new long[0], neighbour).toFloats()[0];
            assertThat(Float.isNaN(other) || Math.abs((double) other - value) >= error)
                    .isTrue();
        }
    }

    @Provide
    Arbitrary<Map<String, String>> texts() {
        return Arbitraries.maps(
                        Arbitraries.strings().ofMaxLength(8),
                        Arbitraries.strings().ofMaxLength(8))
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<Map<String, Tensor>> tensors() {
        Arbitrary<String> names = Arbitraries.strings()
                .withCharRange('!', '~')
                .withChars('ü', '骨')
                .ofMinLength(1)
                .ofMaxLength(20);
        Arbitrary<Tensor> tensors = Combinators.combine(
                        Arbitraries.of(ElementType.class),
                        Arbitraries.longs().between(0, 5).list().ofMaxSize(4),
                        Arbitraries.integers())
                .as((type, sizes, seed) -> {
                    long[] shape = sizes.stream().mapToLong(Long::longValue).toArray();
                    int bytes = type.bytes();
                    for (long size : shape) {
                        bytes *= (int) size;
                    }
                    byte[] content = new byte[bytes];
                    new java.util.Random(seed).nextBytes(content);
                    return new Tensor(type, shape, ByteBuffer.wrap(content));
                });
        return Arbitraries.maps(names, tensors).ofMaxSize(6).map(LinkedHashMap::new);
    }
}
