package io.patella.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.patella.cohort.InputException;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.program.ProgramTensor;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
    @TempDir
    Path folder;

    private Program program(String signature, String lines) {
        return Program.open(archive("program.pt", signature, lines), Device.CPU, 1);
    }

    private Path archive(String name, String signature, String lines) {
        Path file = folder.resolve(name);
        ProgramArchive.write(new ProgramModule("Plain").method(signature, lines), file, Map.of());
        return file;
    }

    @Test
    void tensorsNumbersAndListsGoInAndTuplesAndDictionariesComeOut() {
        try (Program program = program(
                "mixed(x: Tensor, n: int, f: float, on: bool, xs: List[Tensor], fs: List[float]) -> Tuple[Tensor, int, float,"
                        + " bool, List[Tensor], Dict[str, Tensor]]",
                """
                y = x * f + fs[1]
                return (y, n + 1, f / 2., not on, [xs[1], xs[0]], {"sum": torch.sum(y), "x": x})
                """)) {
            Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
            List<Value> out = program.call(
                            "mixed",
                            Value.of(x),
                            Value.of(41),
                            Value.of(0.5),
                            Value.of(true),
                            Value.list(Tensor.of(new float[] {7}, 1), Tensor.of(new float[] {8, 9}, 2)),
                            Value.list(0.25, 10))
                    .asList();
            assertThat(out.get(0).asTensor().shape()).containsExactly(2, 3);
            assertThat(out.get(0).asTensor().toFloats()).containsExactly(10.5f, 11f, 11.5f, 12f, 12.5f, 13f);
            assertThat(out.get(1)).isEqualTo(Value.of(42));
            assertThat(out.get(2).asNumber()).isEqualTo(0.25);
            assertThat(out.get(3)).isEqualTo(Value.of(false));
            assertThat(out.get(4).asList().get(0).asTensor().toFloats()).containsExactly(8, 9);
            Map<String, Value> named = out.get(5).asMap();
            assertThat(named.get("sum").asTensor().shape()).isEmpty();
            assertThat(named.get("sum").asTensor().toFloats()).containsExactly(70.5f);
        }
    }

    /** Parameters in channels-last order are copied to row-major on their way out; the copies must not stay with the program. */
    @Test
    void readingParametersLeavesNothingInTheEngine() {
        float[] numbers = new float[4 * 3 * 2 * 2];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        ProgramModule module = new ProgramModule("Plain").method("same(x: Tensor) -> Tensor", "return x");
        module.parameter("kernel", new ProgramTensor(Tensor.of(numbers, 4, 3, 2, 2), true, true));
        Path file = folder.resolve("kernel.pt");
        ProgramArchive.write(module, file, Map.of());
        try (Program program = Program.openTrainable(file, Device.CPU, 1)) {
            Resident parameters = program.parameters();
            NDManager manager = parameters.arrays().get(0).getManager();
            int before = manager.getManagedArrays().size();
            for (int i = 0; i < 3; i++) {
                assertThat(parameters.read().get("kernel").toFloats()).containsExactly(numbers);
            }
            assertThat(manager.getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void everyTypeThatMayCrossComesBackAsItWas() {
        try (Program program = program("same(x: Tensor) -> Tensor", "return torch.clone(x)")) {
            for (ElementType type : ElementType.values()) {
                byte[] raw = new byte[6 * type.bytes()];
                for (int i = 0; i < raw.length; i++) {
                    raw[i] = (byte) (type == ElementType.BOOL ? i % 2 : i);
                }
                Tensor x = new Tensor(type, new long[] {2, 3}, ByteBuffer.wrap(raw));
                if (type == ElementType.BF16 || type == ElementType.I16) {
                    assertThatThrownBy(() -> program.call("same", Value.of(x)))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining(type + " tensors do not cross");
                } else {
                    Tensor back = program.call("same", Value.of(x)).asTensor();
                    assertThat(back.type()).isEqualTo(type);
                    assertThat(back.bytes()).isEqualTo(x.bytes());
                }
            }
        }
    }

    @Test
    void bfloat16ResultsComeOutAsFloat32() {
        try (Program program = program("half(x: Tensor) -> Tensor", "return torch.to(x, 15)")) {
            Tensor half = program.call("half", Value.of(Tensor.of(new float[] {1.001f, -3}, 2)))
                    .asTensor();
            assertThat(half.type()).isEqualTo(ElementType.F32);
            assertThat(half.toFloats()).containsExactly(1f, -3f);
        }
    }

    @Test
    void gradientsFlowOnlyWhereTheyAreAllowed() {
        try (Program program = program("slope(x: Tensor) -> Tensor", """
                torch.set_grad_enabled(True)
                x = torch.clone(torch.detach(x))
                x.requires_grad_(True)
                g = torch.grad([torch.sum(x * x * x)], [x])
                torch.set_grad_enabled(False)
                return unchecked_cast(Tensor, g[0])
                """)) {
            Value x = Value.of(Tensor.of(new float[] {1, 2, -3}, 3));
            assertThat(program.callWithGradients("slope", x).asTensor().toFloats())
                    .containsExactly(3, 12, 27);
            assertThatThrownBy(() -> program.call("slope", x))
                    .isInstanceOf(ProgramException.class)
                    .hasMessageContaining("program.pt, slope");
        }
    }

    @Test
    void aLongChainOfOperationsDoesNotOverflowTheCallersStack() {
        String chain = "x = torch.add(x, 1)\n".repeat(5000);
        try (Program program = program("chain(x: Tensor) -> Tensor", chain + "return x")) {
            Value x = Value.of(Tensor.of(new float[] {0}, 1));
            assertThat(program.call("chain", x).asTensor().toFloats()).containsExactly(5000);
            assertThat(program.call("chain", x).asTensor().toFloats()).containsExactly(5000);
        }
    }

    @Test
    void manyThreadsShareOneProgram() throws Exception {
        try (Program program = program("mix(x: Tensor) -> Tensor", "return torch.matmul(x, torch.tanh(x))")) {
            float[] values = new float[64 * 64];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sin(i);
            }
            Value x = Value.of(Tensor.of(values, 64, 64));
            float[] alone = program.call("mix", x).asTensor().toFloats();
            ExecutorService pool = Executors.newFixedThreadPool(4);
            try {
                List<Future<float[]>> all = IntStream.range(0, 200)
                        .mapToObj(i -> pool.submit(
                                () -> program.call("mix", x).asTensor().toFloats()))
                        .toList();
                for (Future<float[]> each : all) {
                    assertThat(each.get()).isEqualTo(alone);
                }
            } finally {
                pool.shutdownNow();
            }
        }
    }

    @Test
    void mistakesInACallNameTheProgramTheMethodAndTheReason() {
        try (Program program = program("product(x: Tensor, y: Tensor) -> Tensor", "return torch.matmul(x, y)")) {
            Value x = Value.of(Tensor.of(new float[6], 2, 3));
            assertThatThrownBy(() -> program.call("product", x, x))
                    .isInstanceOf(ProgramException.class)
                    .hasMessage("program.pt, product: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)");
            assertThatThrownBy(() -> program.call("product", x)).hasMessageContaining("missing value for argument 'y'");
            assertThatThrownBy(() -> program.call("nope", x)).hasMessageContaining("has no method nope");
        }
    }

    @Test
    void memoryThatIsNotThereIsSaidSo() {
        try (Program program = program("huge(n: int) -> Tensor", "return torch.zeros([n, 1000000000])")) {
            assertThatThrownBy(() -> program.call("huge", Value.of(1_000_000)))
                    .isInstanceOf(ProgramException.OutOfMemory.class)
                    .hasMessageContaining("huge");
            assertThat(program.call("huge", Value.of(0)).asTensor().elements()).isZero();
        }
    }

    @Test
    void filesThatAreNoArchivesAreRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text.pt"), "not a zip");
        assertThatThrownBy(() -> Program.open(text, Device.CPU, 1)).hasMessageContaining("text.pt");
        byte[] bytes = Files.readAllBytes(archive("whole.pt", "f() -> int", "return 1"));
        Path cut = Files.write(folder.resolve("cut.pt"), Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> Program.open(cut, Device.CPU, 1)).hasMessageContaining("cut.pt");
        Path wrong = archive("wrong.pt", "f() -> int", "return nothing");
        assertThatThrownBy(() -> Program.open(wrong, Device.CPU, 1))
                .isInstanceOf(ProgramException.class)
                .hasMessageContaining("undefined value nothing");
        assertThatThrownBy(() -> Program.open(folder.resolve("absent.pt"), Device.CPU, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no such file");
    }

    @Test
    void aClosedProgramSaysSo() {
        Program program = program("f() -> int", "return 1");
        program.close();
        program.close();
        assertThatThrownBy(() -> program.call("f"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void devicesAreNamedAsInPyTorch() {
        assertThat(Device.parse("cpu", "device")).isEqualTo(Device.CPU);
        assertThat(Device.parse("cuda:3", "device").card()).isEqualTo(3);
        assertThat(Device.parse("cuda", "device").word()).isEqualTo("cuda:0");
        assertThatThrownBy(() -> Device.parse("gpu", "conf.yaml: device"))
                .hasMessage("conf.yaml: device: not a device: gpu (use cpu, or cuda:0, cuda:1, ...)");
    }
}
