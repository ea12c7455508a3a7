package io.patella.network.architecture;

import io.patella.network.program.Initial;
import io.patella.network.program.ProgramModule;
import io.patella.network.program.ProgramOrder;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The vocabulary of the figures. A figure is written once; the layers decide how it runs: {@link #plain} as written, on any device,
 * for training too; {@link #castingToBfloat16} the same with convolutions and matrix products in bfloat16 over float32 weights;
 * {@link #fused} and {@link #fusedBfloat16} for inference on CPUs, with normalisation and layer scale folded into weights and
 * activations and sums fused into oneDNN's operators.
 *
 * <p>Methods that take a module add layers to it under the given names (dotted names make the holders between) and return the
 * expression that applies them.
 */
public final class Layers {
    private enum Kind {
        PLAIN,
        CASTING,
        FUSED,
        FUSED_BFLOAT16
    }

    private final Kind kind;

    private Layers(Kind kind) {
        this.kind = kind;
    }

    /** Float32 as the figure says; parameters are trainable. */
    public static Layers plain() {
        return new Layers(Kind.PLAIN);
    }

    /** Float32 parameters, cast to bfloat16 where they are used: mixed precision without an autocast pass. */
    public static Layers castingToBfloat16() {
        return new Layers(Kind.CASTING);
    }

    /** Inference on CPUs in float32; call the program's {@code pack()} once after opening. */
    public static Layers fused() {
        return new Layers(Kind.FUSED);
    }

    /** Inference on CPUs with AVX512-BF16 or AMX; call the program's {@code pack()} once after opening. */
    public static Layers fusedBfloat16() {
        return new Layers(Kind.FUSED_BFLOAT16);
    }

    /** Whether this is one of the two inference forms whose weights are folded and packed. */
    public boolean isFused() {
        return kind == Kind.FUSED || kind == Kind.FUSED_BFLOAT16;
    }

    private boolean isBfloat16() {
        return kind == Kind.CASTING || kind == Kind.FUSED_BFLOAT16;
    }

    /** The pictures {@code x} [N,3,H,W] as the layers want them: channels-last, in their type. */
    public String enter(String x) {
        String last = "torch.contiguous(" + x + ", memory_format=2)";
        return isBfloat16() ? "torch.to(" + last + ", 15)" : last;
    }

    /** The features {@code x} as the rest of the program wants them: float32. */
    public String leave(String x) {
        return isBfloat16() ? "torch.to(" + x + ", 6)" : x;
    }

    /** A convolution, then an activation. */
    public String conv(ProgramModule module, String name, Conv conv, Initial initial, Activation activation, String x) {
        if (isFused()) {
            String place = flat(name);
            Function<Function<String, Tensor>, Tensor> bias =
                    named -> conv.biased() ? named.apply(name + ".bias") : zeros(conv.out());
            module.child(
                    place, fusedConv(conv, activation, Addition.NONE, named -> named.apply(name + ".weight"), bias));
            return "self." + place + ".forward(" + x + ")";
        }
        place(module, name, conv(conv, initial));
        return activation.of(ProgramModule.access(name) + ".forward(" + x + ")");
    }

    /** A convolution, then BatchNorm, then an activation. */
    public String convNorm(
            ProgramModule module,
            String name,
            Conv conv,
            Initial initial,
            String norm,
            Norm batchNorm,
            Activation activation,
            String x) {
        if (isFused()) {
            return foldedConv(module, name, conv, norm, batchNorm, activation, Addition.NONE) + ".forward(" + x + ")";
        }
        place(module, name, conv(conv, initial));
        place(module, norm, batchNorm(conv.out(), batchNorm));
        return activation.of(
                ProgramModule.access(norm) + ".forward(" + ProgramModule.access(name) + ".forward(" + x + "))");
    }

    /**
     * A convolution, then BatchNorm, then {@code shortcut} is added, then an activation.
     *
     * @param shortcut an expression whose tensor nothing else reads afterwards: fused layers add in place
     */
    public String convNormAdd(
            ProgramModule module,
            String name,
            Conv conv,
            Initial initial,
            String norm,
            Norm batchNorm,
            String x,
            String shortcut,
            Activation activation) {
        if (isFused()) {
            return foldedConv(module, name, conv, norm, batchNorm, activation, Addition.IN_PLACE) + ".forward(" + x
                    + ", " + shortcut + ")";
        }
        place(module, name, conv(conv, initial));
        place(module, norm, batchNorm(conv.out(), batchNorm));
        return activation.of(ProgramModule.access(norm) + ".forward(" + ProgramModule.access(name) + ".forward(" + x
                + ")) + " + shortcut);
    }

    /** A linear layer over the last dimension with bias, then an activation. */
    public String linear(
            ProgramModule module, String name, int in, int out, Initial initial, Activation activation, String x) {
        if (isFused()) {
            String place = flat(name);
            module.child(
                    place,
                    fusedLinear(
                            in,
                            out,
                            activation,
                            Addition.NONE,
                            named -> matrix(named.apply(name + ".weight"), out, in),
                            named -> named.apply(name + ".bias")));
            return "self." + place + ".forward(" + x + ")";
        }
        place(module, name, linear(in, out, initial));
        return activation.of(ProgramModule.access(name) + ".forward(" + x + ")");
    }

    /**
     * Fused layers only: a linear layer over the last dimension whose output is multiplied by {@code scale} per channel (a parameter's
     * name, or "" for none) and added to {@code shortcut}. The weight may be stored as a 1x1 convolution.
     */
    String fusedLinearScaledAdd(
            ProgramModule module, String name, int in, int out, String scale, String x, String shortcut) {
        String place = flat(name);
        module.child(
                place,
                fusedLinear(
                        in,
                        out,
                        Activation.NONE,
                        Addition.FRESH,
                        named -> scaleRows(matrix(named.apply(name + ".weight"), out, in), scale, named),
                        named -> scaleRows(named.apply(name + ".bias"), scale, named)));
        return "self." + place + ".forward(" + x + ", " + shortcut + ")";
    }

    /** Fused layers only: a convolution, then an activation; weight and bias are made from others, found by name. */
    String fusedConv(
            ProgramModule module,
            String name,
            Conv conv,
            Activation activation,
            Function<Function<String, Tensor>, Tensor> weight,
            Function<Function<String, Tensor>, Tensor> bias,
            String x) {
        module.child(flat(name), fusedConv(conv, activation, Addition.NONE, weight, bias));
        return "self." + flat(name) + ".forward(" + x + ")";
    }

    /** Fused layers only: a linear layer over the last dimension whose bias is made from others, found by name. */
    String fusedLinear(
            ProgramModule module,
            String name,
            int in,
            int out,
            Function<Function<String, Tensor>, Tensor> bias,
            String x) {
        module.child(
                flat(name),
                fusedLinear(in, out, Activation.NONE, Addition.NONE, named -> named.apply(name + ".weight"), bias));
        return "self." + flat(name) + ".forward(" + x + ")";
    }

    /** Normalisation over the last dimension of {@code x}. */
    public String layerNorm(ProgramModule module, String name, int width, double epsilon, String x) {
        place(module, name, layerNorm(width, epsilon));
        return ProgramModule.access(name) + ".forward(" + x + ")";
    }

    /** Normalisation over the channels of {@code x} [N,C,H,W]. */
    public String layerNorm2d(ProgramModule module, String name, int width, double epsilon, String x) {
        return "torch.permute("
                + layerNorm(module, name, width, epsilon, "torch.permute(" + x + ", [0, 2, 3, 1])")
                + ", [0, 3, 1, 2])";
    }

    /** How a BatchNorm is set. */
    public record Norm(double epsilon, Initial weight) {
        /** PyTorch's: 1e-5, weights start at one. */
        public static final Norm STANDARD = new Norm(1e-5, Initial.ONES);

        /** The last one of a residual branch, which starts at zero. */
        public static final Norm LAST = new Norm(1e-5, Initial.ZEROS);
    }

    /** Method {@code pack() -> int} over the children that have one; nothing for layers that are not fused. */
    public ProgramModule packing(ProgramModule module) {
        if (isFused()) {
            StringBuilder sum = new StringBuilder("0");
            module.children().forEach((name, child) -> {
                if (child.hasMethod("pack")) {
                    sum.append(" + ").append(ProgramModule.access(name)).append(".pack()");
                }
            });
            module.method("pack() -> int", "return " + sum);
        }
        return module;
    }

    /** A chain of modules named "0", "1", ..., see {@link ProgramModule#sequence}. */
    public ProgramModule sequence(String className, List<ProgramModule> modules) {
        return packing(ProgramModule.sequence(className, modules));
    }

    /** Puts {@code child} at a dotted path, making the holders between. */
    public static void place(ProgramModule module, String path, ProgramModule child) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            module.child(path, child);
            return;
        }
        String first = path.substring(0, dot);
        ProgramModule holder = module.children().get(first);
        if (holder == null) {
            holder = new ProgramModule("Holder");
            module.child(first, holder);
        }
        place(holder, path.substring(dot + 1), child);
    }

    /** A dense convolution as a module of its own. */
    public ProgramModule conv(Conv conv, Initial initial) {
        ProgramModule module = new ProgramModule("Conv2d").parameter("weight", initial, conv.weightShape());
        if (conv.biased()) {
            module.parameter("bias", Initial.ZEROS, conv.out());
        }
        List<String> lines = new ArrayList<>(List.of(conv.inputLines()));
        lines.add("return torch.conv2d(x, " + weight("self.weight") + ", "
                + (conv.biased() ? weight("self.bias") : "None") + ", " + conv.arguments() + ")");
        return module.method("forward(x: Tensor) -> Tensor", lines.toArray(new String[0]));
    }

    /** A linear layer with bias as a module of its own. */
    public ProgramModule linear(int in, int out, Initial initial) {
        return new ProgramModule("Linear")
                .parameter("weight", initial, out, in)
                .parameter("bias", Initial.ZEROS, out)
                .method(
                        "forward(x: Tensor) -> Tensor",
                        "return torch.linear(x, " + weight("self.weight") + ", " + weight("self.bias") + ")");
    }

    /** A linear layer without bias as a module of its own. */
    public ProgramModule linearWithoutBias(int in, int out, Initial initial) {
        return new ProgramModule("Linear")
                .parameter("weight", initial, out, in)
                .method("forward(x: Tensor) -> Tensor", "return torch.linear(x, " + weight("self.weight") + ")");
    }

    /** Normalisation over the last dimension as a module of its own; float32 weights whatever the input. */
    public ProgramModule layerNorm(int width, double epsilon) {
        return new ProgramModule("LayerNorm")
                .parameter("weight", Initial.ONES, width)
                .parameter("bias", Initial.ZEROS, width)
                .method(
                        "forward(x: Tensor) -> Tensor",
                        "return torch.layer_norm(x, [" + width + "], self.weight, self.bias, " + number(epsilon) + ")");
    }

    /** BatchNorm over [N,C,H,W] as a module of its own: batch statistics in training, running ones otherwise, momentum 0.1. */
    public ProgramModule batchNorm(int width, Norm norm) {
        return new ProgramModule("BatchNorm2d")
                .parameter("weight", norm.weight(), width)
                .parameter("bias", Initial.ZEROS, width)
                .buffer("running_mean", Initial.ZEROS, width)
                .buffer("running_var", Initial.ONES, width)
                .counter("num_batches_tracked")
                .method(
                        "forward(x: Tensor) -> Tensor",
                        "if self.training:",
                        "  n = torch.add_(self.num_batches_tracked, 1)",
                        "return torch.batch_norm(x, self.weight, self.bias, self.running_mean, self.running_var, self.training,"
                                + " 0.1, "
                                + number(norm.epsilon()) + ", True)");
    }

    /** The tensor expression {@code name} in the type that products are computed in. */
    public String weight(String name) {
        return kind == Kind.CASTING ? "torch.to(" + name + ", 15)" : name;
    }

    /** A decimal that TorchScript reads as a float. */
    public static String number(double value) {
        return Double.toString(value).replace("E", "e");
    }

    private static String flat(String name) {
        return name.replace('.', '_');
    }

    private enum Addition {
        NONE,
        FRESH,
        IN_PLACE
    }

    private String foldedConv(
            ProgramModule module,
            String name,
            Conv conv,
            String norm,
            Norm batchNorm,
            Activation activation,
            Addition addition) {
        String place = flat(name);
        Function<Function<String, Tensor>, double[]> scale = named -> normScale(norm, batchNorm.epsilon(), named);
        module.child(
                place,
                fusedConv(
                        conv,
                        activation,
                        addition,
                        named -> scaleRows(named.apply(name + ".weight"), scale.apply(named)),
                        named -> foldedBias(name, conv, norm, scale.apply(named), named)));
        return "self." + place;
    }

    private static double[] normScale(String norm, double epsilon, Function<String, Tensor> named) {
        float[] weight = named.apply(norm + ".weight").toFloats();
        float[] variance = named.apply(norm + ".running_var").toFloats();
        double[] scale = new double[weight.length];
        for (int i = 0; i < scale.length; i++) {
            scale[i] = weight[i] / Math.sqrt(variance[i] + epsilon);
        }
        return scale;
    }

    private static Tensor foldedBias(
            String name, Conv conv, String norm, double[] scale, Function<String, Tensor> named) {
        float[] shift = named.apply(norm + ".bias").toFloats();
        float[] mean = named.apply(norm + ".running_mean").toFloats();
        float[] bias = conv.biased() ? named.apply(name + ".bias").toFloats() : new float[scale.length];
        float[] folded = new float[scale.length];
        for (int i = 0; i < folded.length; i++) {
            folded[i] = (float) (shift[i] + (bias[i] - (double) mean[i]) * scale[i]);
        }
        return Tensor.of(folded, folded.length);
    }

    private static Tensor scaleRows(Tensor tensor, String scale, Function<String, Tensor> named) {
        if (scale.isEmpty()) {
            return tensor;
        }
        float[] factors = named.apply(scale).toFloats();
        double[] wide = new double[factors.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = factors[i];
        }
        return scaleRows(tensor, wide);
    }

    private static Tensor scaleRows(Tensor tensor, double[] scale) {
        float[] values = tensor.toFloats();
        int row = values.length / scale.length;
        for (int i = 0; i < scale.length; i++) {
            for (int j = i * row; j < (i + 1) * row; j++) {
                values[j] = (float) (values[j] * scale[i]);
            }
        }
        return Tensor.of(values, tensor.shape());
    }

    private static Tensor matrix(Tensor weight, int out, int in) {
        return new Tensor(weight.type(), new long[] {out, in}, weight.bytes());
    }

    private static Tensor zeros(int n) {
        return Tensor.of(new float[n], n);
    }

    private ElementType packedType() {
        return kind == Kind.FUSED_BFLOAT16 ? ElementType.BF16 : ElementType.F32;
    }

    private ProgramModule fusedConv(
            Conv conv,
            Activation activation,
            Addition addition,
            Function<Function<String, Tensor>, Tensor> weight,
            Function<Function<String, Tensor>, Tensor> bias) {
        ElementType type = packedType();
        if (conv.dynamic() && conv.stride() == 2 && conv.groups() == conv.in() && addition == Addition.NONE) {
            return evenFusedConv(conv, activation, type, weight, bias);
        }
        ProgramModule module = new ProgramModule("FusedConv2d")
                .derived(
                        "weight",
                        type,
                        conv.weightShape(),
                        ProgramOrder.CHANNELS_LAST,
                        named -> weight.apply(named).as(type))
                .derived(
                        "bias",
                        type,
                        new long[] {conv.out()},
                        ProgramOrder.ROW_MAJOR,
                        named -> bias.apply(named).as(type));
        List<String> lines = new ArrayList<>(List.of(conv.inputLines()));
        if (addition == Addition.NONE) {
            lines.add("return ops.mkldnn._convolution_pointwise(x, self.weight, self.bias, " + conv.fusedArguments()
                    + ", " + activation.fusedArguments() + ")");
            module.method("forward(x: Tensor) -> Tensor", lines.toArray(new String[0]));
        } else {
            lines.add("return ops.mkldnn._convolution_pointwise_(shortcut, x, self.weight, self.bias, "
                    + conv.fusedArguments() + ", \"add\", 1., " + activation.fusedAfterAddition() + ")");
            module.method("forward(x: Tensor, shortcut: Tensor) -> Tensor", lines.toArray(new String[0]));
        }
        return module.method(
                "pack() -> int",
                "self.weight = ops.mkldnn._reorder_convolution_weight(self.weight, " + conv.fusedArguments() + ")",
                "return 1");
    }

    /**
     * A depthwise convolution with TensorFlow's padding and stride 2. On even sizes that padding is one zero short above and to the
     * left; a kernel with one more row and column of zeros there takes it symmetric, which spares the copy of the padded input.
     */
    private static ProgramModule evenFusedConv(
            Conv conv,
            Activation activation,
            ElementType type,
            Function<Function<String, Tensor>, Tensor> weight,
            Function<Function<String, Tensor>, Tensor> bias) {
        Conv even =
                new Conv(conv.in(), conv.out(), conv.kernel() + 1, 2, conv.kernel() / 2, conv.groups(), conv.biased());
        List<String> lines = new ArrayList<>();
        lines.add("if torch.size(x, 2) % 2 == 0 and torch.size(x, 3) % 2 == 0:");
        lines.add("  return ops.mkldnn._convolution_pointwise(x, self.weight, self.bias, " + even.fusedArguments()
                + ", " + activation.fusedArguments() + ")");
        lines.addAll(List.of(conv.inputLines()));
        lines.add("return ops.mkldnn._convolution_pointwise(x, self.odd_weight, self.bias, " + conv.fusedArguments()
                + ", " + activation.fusedArguments() + ")");
        return new ProgramModule("FusedConv2d")
                .derived(
                        "weight",
                        type,
                        even.weightShape(),
                        ProgramOrder.CHANNELS_LAST,
                        named -> widened(weight.apply(named), conv.kernel()).as(type))
                .derived(
                        "odd_weight",
                        type,
                        conv.weightShape(),
                        ProgramOrder.CHANNELS_LAST,
                        named -> weight.apply(named).as(type))
                .derived(
                        "bias",
                        type,
                        new long[] {conv.out()},
                        ProgramOrder.ROW_MAJOR,
                        named -> bias.apply(named).as(type))
                .method("forward(x: Tensor) -> Tensor", lines.toArray(new String[0]))
                .method(
                        "pack() -> int",
                        "self.weight = ops.mkldnn._reorder_convolution_weight(self.weight, " + even.fusedArguments()
                                + ")",
                        "self.odd_weight = ops.mkldnn._reorder_convolution_weight(self.odd_weight, "
                                + conv.fusedArguments() + ")",
                        "return 2");
    }

    /** Square kernels with a row and a column of zeros before them. */
    private static Tensor widened(Tensor weight, int kernel) {
        float[] from = weight.toFloats();
        int wide = kernel + 1;
        float[] to = new float[from.length / (kernel * kernel) * wide * wide];
        for (int i = 0; i < from.length; i++) {
            int column = i % kernel;
            int row = i / kernel % kernel;
            to[i / (kernel * kernel) * wide * wide + (row + 1) * wide + column + 1] = from[i];
        }
        long[] shape = weight.shape();
        shape[2] = wide;
        shape[3] = wide;
        return Tensor.of(to, shape);
    }

    private ProgramModule fusedLinear(
            int in,
            int out,
            Activation activation,
            Addition addition,
            Function<Function<String, Tensor>, Tensor> weight,
            Function<Function<String, Tensor>, Tensor> bias) {
        ElementType type = packedType();
        ProgramModule module = new ProgramModule("FusedLinear")
                .derived(
                        "weight",
                        type,
                        new long[] {out, in},
                        ProgramOrder.ROW_MAJOR,
                        named -> weight.apply(named).as(type))
                .derived(
                        "bias",
                        type,
                        new long[] {out},
                        ProgramOrder.ROW_MAJOR,
                        named -> bias.apply(named).as(type));
        if (addition == Addition.NONE) {
            module.method(
                    "forward(x: Tensor) -> Tensor",
                    "return ops.mkldnn._linear_pointwise(x, self.weight, self.bias, " + activation.fusedArguments()
                            + ")");
        } else {
            module.method(
                    "forward(x: Tensor, shortcut: Tensor) -> Tensor",
                    "return ops.mkldnn._linear_pointwise(x, shortcut, self.weight, self.bias, \"add\")");
        }
        return module.method(
                "pack() -> int", "self.weight = ops.mkldnn._reorder_linear_weight(self.weight, None)", "return 1");
    }
}
