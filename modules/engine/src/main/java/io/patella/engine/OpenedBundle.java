package io.patella.engine;

import io.patella.cohort.InputException;
import io.patella.imaging.Deletterbox;
import io.patella.imaging.Gray8;
import io.patella.imaging.Overlay;
import io.patella.imaging.Rgb8;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.bundle.Bundle;
import io.patella.network.bundle.BundleDescription;
import io.patella.network.bundle.Typical;
import io.patella.network.grader.GradingNetwork;
import io.patella.network.preparation.Preparation;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import io.patella.statistics.cutpoints.Cutpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A bundle ready to grade: its network rewritten for the device and mode (on CPUs with folded and fused layers), loaded once. Safe for
 * many threads; pictures of any size may come together.
 *
 * <pre>{@code
 * try (OpenedBundle grader = OpenedBundle.open(path, Device.CPU, ExecutionMode.CPU_F32, 1)) {
 *     List<Prediction> predictions = grader.grade(pictures);
 * }
 * }</pre>
 */
public final class OpenedBundle implements AutoCloseable {
    /** Network inputs of one call, test-time views counted: enough to keep kernels busy, little enough for memory. */
    private static final int INPUTS = 32;

    private final BundleDescription description;
    private final String hash;
    private final GradingNetwork grader;
    private final Map<String, Tensor> weights;
    private final Device device;
    private final ExecutionMode mode;
    private final int threads;
    private final Decoding decoding;
    private final @Nullable Typical typical;
    private final Program program;
    private final Batches batches;
    private @Nullable Program heatmaps;

    private OpenedBundle(Bundle bundle, BundleDescription description, Device device, ExecutionMode mode, int threads) {
        this.description = description;
        this.hash = bundle.hash();
        this.grader = GradingNetwork.parse(description.grader(), description.name());
        this.weights = ProgramArchive.open(bundle.model()).tensors();
        this.typical = bundle.typical();
        if (typical != null && typical.features() != grader.features()) {
            throw new InputException(
                    description.name(),
                    "typical.safetensors is of another grader",
                    typical.features() + " features",
                    "expected " + grader.features() + "; take the bundle from its source again");
        }
        this.device = device;
        this.mode = mode;
        this.threads = mode == ExecutionMode.CPU_F32_STRICT ? 1 : threads;
        this.batches = new Batches(
                mode == ExecutionMode.CPU_F32_STRICT
                        ? 1
                        : Math.max(1, INPUTS / description.preparation().views().count()));
        List<Double> cutpoints = description.cutpoints();
        this.decoding = new Decoding(
                grader.scale(),
                cutpoints == null
                        ? Cutpoints.HALF
                        : Cutpoints.of(cutpoints.stream().mapToDouble(c -> c).toArray()));
        Layers layers = layers(mode);
        ProgramModule network = grader.program(layers);
        WeightSource.named(weights, description.name()).fill(network);
        this.program = opened(
                GradingModule.of(network, description.preparation(), layers),
                archive -> Program.open(archive, device, this.threads));
        if (layers.isFused()) {
            program.call("pack");
        }
    }

    /**
     * Opens a bundle.
     *
     * @param bundle folder or zip
     * @param threads processor threads within one call; {@link ExecutionMode#CPU_F32_STRICT} always uses one
     * @throws InputException when it is no bundle, was changed, does not fit its weights, or the mode does not run on the device
     */
    public static OpenedBundle open(Path bundle, Device device, ExecutionMode mode, int threads) {
        mode.check(device);
        try (Bundle files = Bundle.open(bundle)) {
            return new OpenedBundle(files, files.description(), device, mode, threads);
        }
    }

    /** With the same weights and other test-time views or average: another preparation, hence another preparation hash. */
    public static OpenedBundle open(
            Path bundle,
            Device device,
            ExecutionMode mode,
            int threads,
            Preparation.Views views,
            Preparation.Average average) {
        mode.check(device);
        try (Bundle files = Bundle.open(bundle)) {
            BundleDescription said = files.description();
            BundleDescription other = new BundleDescription(
                    said.name(),
                    said.grader(),
                    said.preparation().with(views).with(average),
                    said.cutpoints(),
                    said.training(),
                    said.heldOut());
            return new OpenedBundle(files, other, device, mode, threads);
        }
    }

    private static Layers layers(ExecutionMode mode) {
        return switch (mode) {
            case CPU_F32, CPU_F32_STRICT -> Layers.fused();
            // without instructions for bfloat16 the fused kernels do not exist
            case CPU_BF16 ->
                ExecutionMode.standard(Device.CPU) == ExecutionMode.CPU_BF16
                        ? Layers.fusedBfloat16()
                        : Layers.castingToBfloat16();
            case CUDA_F32 -> Layers.plain();
            case CUDA_BF16 -> Layers.castingToBfloat16();
        };
    }

    private interface Opening {
        Program open(Path archive);
    }

    private static Program opened(ProgramModule module, Opening opening) {
        Path archive = null;
        try {
            archive = Files.createTempFile("patella-grader", ".pt");
            ProgramArchive.write(module, archive, Map.of());
            return opening.open(archive);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the program: " + e.getMessage(), e);
        } finally {
            if (archive != null) {
                try {
                    Files.deleteIfExists(archive);
                } catch (IOException e) {
                    archive.toFile().deleteOnExit();
                }
            }
        }
    }

    /** What the bundle says of itself; the preparation is the one that is used. */
    public BundleDescription description() {
        return description;
    }

    /** The bundle's hash: the {@code model} of the tables. */
    public String model() {
        return hash;
    }

    /** The hash of the preparation that is used: the {@code preparation} of the tables. */
    public String preparation() {
        return description.preparation().hash();
    }

    /** How it computes. */
    public ExecutionMode mode() {
        return mode;
    }

    /** Whether it tells pictures that are out of distribution. */
    public boolean knowsTypicalPictures() {
        return typical != null;
    }

    /**
     * Grades pictures.
     *
     * @param pictures canonical 8-bit pictures, not deletterboxed, of any sizes
     * @return one prediction for each, in order
     * @throws ProgramException.OutOfMemory when not even one picture fits
     */
    public List<Prediction> grade(List<Gray8> pictures) {
        return inBatches(pictures, this::gradeBatch);
    }

    /**
     * The network's joined vectors, without test-time views: what {@link Typical} is measured on.
     *
     * @return [F] float32 for each picture, in order
     */
    public List<float[]> joined(List<Gray8> pictures) {
        return inBatches(pictures, batch -> {
            Grouped grouped = Grouped.of(batch, description.preparation());
            return grouped.inOrder(rows(program.call("joined", grouped.groups()).asTensor()));
        });
    }

    private <T> List<T> inBatches(List<Gray8> pictures, Function<List<Gray8>, List<T>> work) {
        return batches.run(pictures, work);
    }

    /**
     * What this mode's precision costs: the same pictures graded here and by the same bundle in float32.
     *
     * @param exact the bundle opened with the same views in a float32 mode
     */
    public PrecisionDifference differenceFrom(OpenedBundle exact, List<Gray8> sample) {
        if (!exact.hash.equals(hash) || !exact.preparation().equals(preparation())) {
            throw new IllegalArgumentException(
                    "another bundle or preparation: " + exact.hash + ", " + exact.preparation());
        }
        return PrecisionDifference.of(exact.grade(sample), grade(sample), decoding.cutpoints());
    }

    private List<Prediction> gradeBatch(List<Gray8> pictures) {
        Grouped grouped = Grouped.of(pictures, description.preparation());
        List<Value> out = program.call("grade", grouped.groups()).asList();
        List<Prediction> predictions = grouped.inOrder(decoding.predictions(
                out.get(0).asTensor(), out.get(1).asTensor(), out.get(2).asTensor()));
        List<float[]> joined =
                typical == null ? List.of() : grouped.inOrder(rows(out.get(3).asTensor()));
        List<Prediction> flagged = new ArrayList<>(predictions.size());
        for (int i = 0; i < predictions.size(); i++) {
            Double atypicality = typical == null ? null : typical.atypicality(joined.get(i));
            flagged.add(
                    predictions.get(i).with(atypicality, Flag.of(grouped.kept().get(i), atypicality)));
        }
        return flagged;
    }

    private static List<float[]> rows(Tensor tensor) {
        float[] values = tensor.toFloats();
        int n = (int) tensor.shape()[0];
        int width = values.length / n;
        List<float[]> rows = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            rows.add(Arrays.copyOfRange(values, i * width, (i + 1) * width));
        }
        return rows;
    }

    /**
     * What a stream looked at and what spoke for the grade (Grad-CAM).
     *
     * @param view global, left or right
     * @param picture the square that the stream saw, 8 bits
     * @param heat float32 [T,T], 0..1
     */
    public record Heatmap(String view, Gray8 picture, Tensor heat) {
        private static final int SIDE = 224;

        /** The heat over the picture, 224 x 224 (paper, section 2.8). */
        public Rgb8 overlay() {
            return Overlay.of(picture, heat.toFloats(), SIDE);
        }

        /** The overlay's file: the image's name for the whole knee, with {@code -left} or {@code -right} for a half. */
        public String file(String image) {
            return image.replaceAll("[/\\\\]", "_") + (view.equals("global") ? "" : "-" + view) + ".png";
        }
    }

    /**
     * Heatmaps of pictures for the most probable grade of the distribution, without test-time views, in float32.
     *
     * @return for each picture the grader's views that have one
     */
    public List<List<Heatmap>> heatmaps(List<Gray8> pictures) {
        List<List<Heatmap>> all = new ArrayList<>();
        for (Gray8 picture : pictures) {
            Grouped one = Grouped.of(List.of(picture), description.preparation());
            Tensor predicted = new Tensor(
                    ElementType.I64,
                    new long[] {1},
                    ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, -1));
            Map<String, Value> out = heatmapProgram()
                    .callWithGradients("heatmaps", one.groups(), Value.of(predicted))
                    .asMap();
            List<Heatmap> views = new ArrayList<>();
            for (String view : grader.mappedViews()) {
                Tensor gray = tensor(out, "picture/" + view);
                byte[] pixels = new byte[(int) gray.elements()];
                gray.bytes().duplicate().get(pixels);
                Tensor heat = tensor(out, "upsampled/" + view);
                views.add(new Heatmap(
                        view,
                        new Gray8((int) gray.shape()[2], (int) gray.shape()[1], pixels),
                        new Tensor(heat.type(), Arrays.copyOfRange(heat.shape(), 1, 3), heat.bytes())));
            }
            all.add(views);
        }
        return all;
    }

    private static Tensor tensor(Map<String, Value> out, String key) {
        Value value = out.get(key);
        if (value == null) {
            throw new IllegalStateException("the program returned no " + key);
        }
        return value.asTensor();
    }

    private synchronized Program heatmapProgram() {
        Program open = heatmaps;
        if (open == null) {
            if (grader.mappedViews().isEmpty() || grader.classHead() == null) {
                throw new InputException(
                        description.name(),
                        "has no heatmaps",
                        grader.views(),
                        "they need a stream that ends in a map and a class or distribution head");
            }
            ProgramModule network = grader.program(Layers.plain());
            WeightSource.named(weights, description.name()).fill(network);
            open = opened(
                    GradingModule.heatmaps(grader, network, description.preparation()),
                    archive -> Program.openTrainable(archive, device, threads));
            heatmaps = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        program.close();
        if (heatmaps != null) {
            heatmaps.close();
        }
    }

    /** Pictures deletterboxed and grouped by size, with the way back to their order. */
    private record Grouped(List<Gray8> kept, Value groups, List<Integer> places) {
        /** A thread's pictures during a call. Used again: only the collector, which seldom runs, frees such memory. */
        private static final ThreadLocal<ByteBuffer> MEMORY =
                ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(0));

        static Grouped of(List<Gray8> pictures, Preparation preparation) {
            Map<List<Integer>, List<Integer>> bySize = new LinkedHashMap<>();
            List<Gray8> kept = new ArrayList<>(pictures.size());
            for (int i = 0; i < pictures.size(); i++) {
                Gray8 picture = pictures.get(i);
                Gray8 crop = preparation.letterbox() == Preparation.Letterbox.REMOVE
                        ? picture.crop(Deletterbox.box(picture))
                        : picture;
                kept.add(crop);
                bySize.computeIfAbsent(List.of(crop.height(), crop.width()), size -> new ArrayList<>())
                        .add(i);
            }
            List<Value> groups = new ArrayList<>();
            List<Integer> places = new ArrayList<>();
            ByteBuffer memory = memory(
                    kept.stream().mapToInt(each -> each.width() * each.height()).sum());
            bySize.forEach((size, members) -> {
                int bytes = members.size() * size.get(0) * size.get(1);
                ByteBuffer pixels = memory.slice(memory.position(), bytes);
                memory.position(memory.position() + bytes);
                members.forEach(i -> pixels.put(kept.get(i).pixels()));
                groups.add(Value.of(new Tensor(
                        ElementType.U8, new long[] {members.size(), size.get(0), size.get(1)}, pixels.flip())));
                places.addAll(members);
            });
            return new Grouped(kept, new Value.Sequence(groups), places);
        }

        private static ByteBuffer memory(int bytes) {
            if (MEMORY.get().capacity() < bytes) {
                MEMORY.set(ByteBuffer.allocateDirect(bytes));
            }
            return MEMORY.get().clear();
        }

        <T> List<T> inOrder(List<T> grouped) {
            List<T> ordered = new ArrayList<>(grouped);
            for (int i = 0; i < grouped.size(); i++) {
                ordered.set(places.get(i), grouped.get(i));
            }
            return ordered;
        }
    }
}
