package io.patella.network.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void tensorsComeBackByNameWithTypeShapeAndElements() throws IOException {
        Map<String, Tensor> written = new LinkedHashMap<>();
        written.put("blocks.0.weight", Tensor.of(new float[] {1, -2, 3, 4, 5, 6}, 2, 3));
        written.put("scalar", Tensor.of(new float[] {7}));
        written.put("none", Tensor.of(new float[0], 0, 4));
        Path file = folder.resolve("weights.safetensors");

        SafetensorsWriter.write(file, written, Map.of("licence", "Apache-2.0"));

        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            assertThat(reader.metadata()).containsExactly(Map.entry("licence", "Apache-2.0"));
            assertThat(reader.entries().keySet()).containsExactlyInAnyOrderElementsOf(written.keySet());
            assertThat(reader.tensor("blocks.0.weight").shape()).containsExactly(2, 3);
            assertThat(reader.tensor("blocks.0.weight").toFloats()).containsExactly(1, -2, 3, 4, 5, 6);
            assertThat(reader.tensor("scalar").shape()).isEmpty();
            assertThat(reader.tensor("none").elements()).isZero();
        }
    }

    @Test
    void dataStartAtAMultipleOf64AndEveryTensorIsAlignedToItsElements() throws IOException {
        Map<String, Tensor> written = new LinkedHashMap<>();
        written.put("bytes", new Tensor(ElementType.U8, new long[] {3}, ByteBuffer.allocate(3)));
        written.put("halves", new Tensor(ElementType.F16, new long[] {3}, ByteBuffer.allocate(6)));
        written.put("doubles", new Tensor(ElementType.F64, new long[] {1}, ByteBuffer.allocate(8)));
        Path file = folder.resolve("mixed.safetensors");
        SafetensorsWriter.write(file, written);

        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            assertThat(reader.entries().keySet()).containsExactly("doubles", "halves", "bytes");
            assertThat(reader.entries().get("doubles").offset() % 64).isZero();
            assertThat(reader.entries().get("halves").offset() % 2).isZero();
        }
    }

    @Test
    void aMappedTensorCannotBeWrittenTo() throws IOException {
        Path file = folder.resolve("a.safetensors");
        SafetensorsWriter.write(file, Map.of("a", Tensor.of(new float[] {1}, 1)));
        assertThat(SafetensorsReader.read(file).get("a").bytes().isReadOnly()).isTrue();
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNoRest() throws IOException {
        Path file = folder.resolve("a.safetensors");
        SafetensorsWriter.write(file, Map.of("a", Tensor.of(new float[] {1}, 1)));
        Map<String, Tensor> broken = new LinkedHashMap<>();
        broken.put("a", Tensor.of(new float[] {2}, 1));
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(null, "a header cannot have such a key");

        assertThatThrownBy(() -> SafetensorsWriter.write(file, broken, metadata))
                .hasMessageContaining("null");

        assertThat(SafetensorsReader.read(file).get("a").toFloats()).containsExactly(1);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | Duplicate field 'w'
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | tensor v: overlaps the tensor before it
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | tensor w: leaves a hole before it: starts at 4, expected 0
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | bytes after the last tensor: 4 bytes
            {"w":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}} | tensor w: data_offsets are not two ascending positions within 8 bytes of data: [0, 12]
            {"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}} | tensor w: data_offsets are not two ascending positions within 8 bytes of data: [8, 0]
            {"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}} | tensor w: shape [3] of F32 wants 12 bytes, data_offsets give: 8
            {"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}} | tensor w: shape is larger than any file
            {"w":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}} | out of range of long
            {"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}} | tensor w: shape is negative: -2
            {"w":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}} | tensor w: shape is not what the format wants: VALUE_NUMBER_FLOAT
            {"w":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}} | tensor w: element type is not supported: 'F8_E4M3'
            {"w":{"dtype":"F32","data_offsets":[0,8]}} | tensor w: entry is not complete
            {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"stride":[1]}} | tensor w: unknown key: 'stride'
            {"":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | name of a tensor is empty or has control characters
            {"a\\nb":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | name of a tensor is empty or has control characters: 'a?b'
            {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}{} | header goes on after its closing brace
            {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]} | header is no valid JSON
            {"__metadata__":{"n":1},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | __metadata__.n is not what the format wants: VALUE_NUMBER_INT
            """)
    void aWrongHeaderIsRefusedInOneLineNamingTheTensor(String header, String message) throws IOException {
        Path file = file(header.getBytes(StandardCharsets.UTF_8), 8);
        assertThatThrownBy(() -> SafetensorsReader.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aHeaderLongerThanTheFileOrTheLimitIsNotAllocated() throws IOException {
        Path file = folder.resolve("long.safetensors");
        for (long length : new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE, 100_000_001L, 99_999_999L, 1L}) {
            Files.write(
                    file,
                    ByteBuffer.allocate(16)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .put((byte) '{')
                            .array());
            assertThatThrownBy(() -> SafetensorsReader.open(file))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("header");
        }
    }

    @Test
    void aHeaderThatIsNoUtf8IsRefused() throws IOException {
        Path file = file(new byte[] {'{', '"', (byte) 0xc3, '"', '}'}, 0);
        assertThatThrownBy(() -> SafetensorsReader.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("header is no valid UTF-8");
    }

    @Test
    void aTruncatedFileIsRefusedAtEveryLength() throws IOException {
        Path file = folder.resolve("whole.safetensors");
        SafetensorsWriter.write(file, Map.of("w", Tensor.of(new float[] {1, 2}, 2)));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SafetensorsReader.open(file)).isInstanceOf(InputException.class);
        }
    }

    @Test
    void picklesAreRefusedWithTheWayToConvertThem() throws IOException {
        Path raw = folder.resolve("model.bin");
        Files.write(raw, new byte[] {(byte) 0x80, 2, '}', 'q', 0, '.', 0, 0, 0, 0});
        assertThatThrownBy(() -> SafetensorsReader.open(raw))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is a pickle: model.bin")
                .hasMessageContaining("safetensors.torch.save_file(torch.load('model.bin'");

        Path zip = folder.resolve("model.pth");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("archive/data.pkl"));
        }
        Files.write(zip, bytes.toByteArray());
        assertThatThrownBy(() -> SafetensorsReader.open(zip))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("pickled PyTorch checkpoint")
                .hasMessageContaining("patella weights convert --from bundle");
    }

    @Test
    void aMissingFileAndAFolderAreNamed() {
        assertThatThrownBy(() -> SafetensorsReader.open(folder.resolve("absent.safetensors")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> SafetensorsReader.open(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is a folder");
    }

    @Test
    void noDamagedHeaderCausesAnythingButInputException() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("stem.weight", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
        tensors.put("stem.bias", Tensor.of(new float[] {1, 2}, 2));
        Path file = folder.resolve("fuzz.safetensors");
        SafetensorsWriter.write(file, tensors, Map.of("a", "b"));
        byte[] whole = Files.readAllBytes(file);
        int header = whole.length - 24;
        SplittableRandom random = new SplittableRandom(17);
        String digits = "0123456789-{}[]\",:.eE";
        int opened = 0;
        for (int trial = 0; trial < 1500; trial++) {
            byte[] damaged = whole.clone();
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                int at = random.nextInt(header);
                damaged[at] = random.nextBoolean()
                        ? (byte) random.nextInt(256)
                        : (byte) digits.charAt(random.nextInt(digits.length()));
            }
            Files.write(file, damaged);
            try (SafetensorsReader reader = SafetensorsReader.open(file)) {
                for (Tensor tensor : reader.tensors().values()) {
                    tensor.toFloats();
                }
                opened++;
            } catch (InputException expected) {
                assertThat(expected).hasMessageStartingWith(file.toString()).hasMessageNotContaining("\n");
            }
        }
        assertThat(opened).isBetween(1, 1499); // a changed letter of a name is still a good file
    }

    private Path file(byte[] header, int data) throws IOException {
        Path file = folder.resolve("made.safetensors");
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + data).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, bytes.putLong(header.length).put(header).array());
        return file;
    }
}
