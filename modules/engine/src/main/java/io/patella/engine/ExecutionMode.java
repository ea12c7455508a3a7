package io.patella.engine;

import io.patella.cohort.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** How a grader computes; recorded with every grade. */
public enum ExecutionMode {
    /** Float32, one picture a call on one thread: the same bits for any batch size, thread count and partitioning on one kind of processor. */
    CPU_F32_STRICT("cpu-f32-strict"),
    /** Float32 on the processor. */
    CPU_F32("cpu-f32"),
    /** Bfloat16 convolutions and matrix products on the processor; quick where it has AVX512-BF16 or AMX. */
    CPU_BF16("cpu-bf16"),
    /** Float32 on a graphics card. */
    CUDA_F32("cuda-f32"),
    /** Bfloat16 on a graphics card. */
    CUDA_BF16("cuda-bf16");

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private final String word;

    ExecutionMode(String word) {
        this.word = word;
    }

    /** The word in conf and tables: cpu-f32-strict, cpu-f32, cpu-bf16, cuda-f32, cuda-bf16. */
    public String word() {
        return word;
    }

    /** Whether it runs on a graphics card. */
    public boolean isCuda() {
        return this == CUDA_F32 || this == CUDA_BF16;
    }

    /** Whether it computes in bfloat16. */
    public boolean isBfloat16() {
        return this == CPU_BF16 || this == CUDA_BF16;
    }

    /**
     * Reads a word of conf.
     *
     * @throws InputException for an unknown one
     */
    public static ExecutionMode parse(String word, String where) {
        return Arrays.stream(values())
                .filter(each -> each.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new InputException(
                        where,
                        "unknown execution mode",
                        word,
                        "use one of "
                                + Arrays.stream(values())
                                        .map(ExecutionMode::word)
                                        .toList()));
    }

    /** float32 on a device: what thresholds and typical pictures are measured in. */
    public static ExecutionMode float32(Device device) {
        return device.isCuda() ? CUDA_F32 : CPU_F32;
    }

    /** The mode when none is named: bfloat16 on processors that have instructions for it, float32 elsewhere. */
    public static ExecutionMode standard(Device device) {
        if (device.isCuda()) {
            return CUDA_F32;
        }
        try {
            return standard(Files.isReadable(CPU_INFO) ? Files.readAllLines(CPU_INFO) : List.of());
        } catch (IOException e) {
            return CPU_F32;
        }
    }

    /** From the lines of {@code /proc/cpuinfo}: the first flags line counts, since the processors of a machine are alike. */
    static ExecutionMode standard(List<String> cpuInfo) {
        boolean fast = cpuInfo.stream()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> List.of(line.split("\\s+", -1)))
                .filter(flags -> flags.contains("avx512_bf16") || flags.contains("amx_bf16"))
                .isPresent();
        return fast ? CPU_BF16 : CPU_F32;
    }

    /**
     * Checks that this mode can run there.
     *
     * @throws InputException otherwise
     */
    void check(Device device) {
        if (isCuda() != device.isCuda()) {
            throw new InputException(
                    "mode",
                    "does not run on device " + device.word(),
                    word,
                    device.isCuda() ? "use cuda-f32 or cuda-bf16" : "use cpu-f32, cpu-f32-strict or cpu-bf16");
        }
    }
}
