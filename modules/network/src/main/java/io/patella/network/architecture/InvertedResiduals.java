package io.patella.network.architecture;

import io.patella.cohort.InputException;
import io.patella.network.program.Initial;
import io.patella.network.program.ProgramModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * MobileNetV2: Sandler et al., "Inverted Residuals and Linear Bottlenecks" (2018); EfficientNet B0: Tan and Le (2019); EfficientNet-
 * Lite 0 to 4: Google's TPU repository (2020), as timm's {@code efficientnet.py} (Apache 2.0) has them. Published weights: {@code
 * mobilenetv2_100.ra_in1k}, {@code efficientnet_b0.ra_in1k}, {@code tf_efficientnet_lite*.in1k} Apache 2.0. The {@code tf_} ones want
 * TensorFlow's padding and BatchNorm epsilon 1e-3.
 *
 * @param inChannels channels of the pictures
 * @param stages kinds of blocks, a list for each stage
 * @param stem channels of the stem
 * @param features channels of the last 1x1 convolution
 * @param activation between the layers
 * @param padding of strided convolutions
 * @param epsilon of BatchNorm
 * @param classes outputs of the classifier; 0 for none
 */
public record InvertedResiduals(
        int inChannels,
        List<List<Block>> stages,
        int stem,
        int features,
        Activation activation,
        Padding padding,
        double epsilon,
        int classes)
        implements Architecture {

    /** Zeros around the input of strided convolutions. */
    public enum Padding {
        /** As many on each side. */
        SYMMETRIC,
        /** TensorFlow's "same": the odd one below and to the right. */
        TENSORFLOW
    }

    /**
     * One kind of block, repeated.
     *
     * @param expand 0 for a depthwise-separable block, else how many times wider the inner channels are
     * @param repeats how many blocks
     * @param kernel of the depthwise convolution
     * @param stride of the first block
     * @param channels outputs
     * @param squeeze share of the block's input channels in its squeeze-and-excite; 0 for none
     * @param skip whether blocks of equal input and output have a shortcut
     */
    public record Block(
            double expand, int repeats, int kernel, int stride, int channels, double squeeze, boolean skip) {
        private static Block parse(String text) {
            double expand = 1;
            int repeats = 1;
            int kernel = 0;
            int stride = 1;
            int channels = 0;
            double squeeze = 0;
            boolean skip = true;
            String[] parts = text.split("_", -1);
            if (!parts[0].equals("ds") && !parts[0].equals("ir")) {
                throw new InputException("arch", "unsupported block", text, "ds and ir are known");
            }
            for (int i = 1; i < parts.length; i++) {
                String part = parts[i];
                try {
                    if (part.startsWith("se")) {
                        squeeze = Double.parseDouble(part.substring(2));
                    } else if (part.equals("noskip")) {
                        skip = false;
                    } else {
                        String value = part.substring(1);
                        switch (part.charAt(0)) {
                            case 'r' -> repeats = Integer.parseInt(value);
                            case 'k' -> kernel = Integer.parseInt(value);
                            case 's' -> stride = Integer.parseInt(value);
                            case 'e' -> expand = Double.parseDouble(value);
                            case 'c' -> channels = Integer.parseInt(value);
                            default -> throw new NumberFormatException();
                        }
                    }
                } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
                    throw new InputException(
                            "arch", "unsupported part " + part + " of block", text, "r k s e c se noskip");
                }
            }
            if (channels < 1 || kernel % 2 != 1 || stride < 1 || stride > 2) {
                throw new InputException("arch", "block needs k (odd), c and s of 1 or 2", text, "ir_r2_k3_s2_e6_c24");
            }
            return new Block(parts[0].equals("ds") ? 0 : expand, repeats, kernel, stride, channels, squeeze, skip);
        }
    }

    private static final List<String> MOBILENET_V2 = List.of(
            "ds_r1_k3_s1_c16",
            "ir_r2_k3_s2_e6_c24",
            "ir_r3_k3_s2_e6_c32",
            "ir_r4_k3_s2_e6_c64",
            "ir_r3_k3_s1_e6_c96",
            "ir_r3_k3_s2_e6_c160",
            "ir_r1_k3_s1_e6_c320");

    private static final List<String> EFFICIENTNET_LITE = List.of(
            "ds_r1_k3_s1_e1_c16",
            "ir_r2_k3_s2_e6_c24",
            "ir_r2_k5_s2_e6_c40",
            "ir_r3_k3_s2_e6_c80",
            "ir_r3_k5_s1_e6_c112",
            "ir_r4_k5_s2_e6_c192",
            "ir_r1_k3_s1_e6_c320");

    /** Copies the lists. */
    public InvertedResiduals {
        stages = stages.stream().map(List::copyOf).toList();
    }

    static InvertedResiduals mobileNetV2() {
        return new InvertedResiduals(
                3, scaled(MOBILENET_V2, 1, 1, ""), 32, 1280, Activation.RELU6, Padding.SYMMETRIC, 1e-5, 1000);
    }

    static InvertedResiduals efficientNetB0(Padding padding, double epsilon) {
        return new InvertedResiduals(
                3, scaled(EFFICIENTNET_LITE, 1, 1, "_se0.25"), 32, 1280, Activation.SILU, padding, epsilon, 1000);
    }

    static InvertedResiduals efficientNetLite(double width, double depth, Padding padding, double epsilon) {
        return new InvertedResiduals(
                3, scaled(EFFICIENTNET_LITE, width, depth, ""), 32, 1280, Activation.RELU6, padding, epsilon, 1000);
    }

    /** Wider stages, and deeper ones but for the first and the last. */
    private static List<List<Block>> scaled(List<String> texts, double width, double depth, String more) {
        List<List<Block>> stages = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Block b = Block.parse(texts.get(i) + more);
            boolean inner = i > 0 && i < texts.size() - 1;
            int repeats = inner ? (int) Math.ceil(b.repeats * depth) : b.repeats;
            stages.add(List.of(new Block(
                    b.expand, repeats, b.kernel, b.stride, divisible(b.channels * width), b.squeeze, b.skip)));
        }
        return stages;
    }

    /** The nearest multiple of 8, never 10 % below. */
    private static int divisible(double channels) {
        int rounded = Math.max(8, (int) (channels + 4) / 8 * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    }

    static InvertedResiduals fromTimm(TimmArguments arguments) {
        List<List<Block>> stages = new ArrayList<>();
        for (var stage : arguments.node("arch")) {
            List<Block> blocks = new ArrayList<>();
            for (var block : stage) {
                Block b = Block.parse(block.asText());
                blocks.add(
                        new Block(b.expand, b.repeats, b.kernel, b.stride, divisible(b.channels), b.squeeze, b.skip));
            }
            stages.add(blocks);
        }
        if (stages.isEmpty()) {
            throw arguments.unsupported("arch");
        }
        int stem = arguments.integer("stem", arguments.integer("stem_size", 32));
        Activation activation = switch (arguments.text("act", "relu").toLowerCase(Locale.ROOT)) {
            case "relu" -> Activation.RELU;
            case "relu6" -> Activation.RELU6;
            case "swish", "silu" -> Activation.SILU;
            case "gelu" -> Activation.GELU;
            default -> throw arguments.unsupported("act");
        };
        Padding padding = switch (arguments.text("pad_type", "")) {
            case "" -> Padding.SYMMETRIC;
            case "same" -> Padding.TENSORFLOW;
            default -> throw arguments.unsupported("pad_type");
        };
        InvertedResiduals network = new InvertedResiduals(
                arguments.integer("in_chans", 3),
                stages,
                arguments.flag("fix_stem", false) ? stem : divisible(stem),
                arguments.integer("features", arguments.integer("num_features", 1280)),
                activation,
                padding,
                arguments.number("bn_eps", 1e-5),
                arguments.integer("num_classes", 1000));
        arguments.accept("global_pool", "avg");
        arguments.accept("output_stride", "32");
        arguments.ignoreTraining("drop_rate", "drop_path_rate", "bn_momentum");
        arguments.refuseOthers();
        return network;
    }

    @Override
    public Architecture withClasses(int wanted) {
        return new InvertedResiduals(inChannels, stages, stem, features, activation, padding, epsilon, wanted);
    }

    @Override
    public int stride() {
        int stride = 2;
        for (List<Block> stage : stages) {
            for (Block block : stage) {
                stride *= block.stride;
            }
        }
        return stride;
    }

    @Override
    public Shape shape() {
        return Shape.MAP;
    }

    @Override
    public ProgramModule trunk(Layers layers) {
        return layers.packing(figure(layers));
    }

    @Override
    public ProgramModule network(Layers layers) {
        ProgramModule module = layers.packing(figure(layers));
        module.method("pooled(features: Tensor) -> Tensor", "return torch.mean(features, [2, 3])"); // [N,C]
        return Heads.classifier(layers, module, "classifier", features, classes);
    }

    private ProgramModule figure(Layers layers) {
        ProgramModule module = new ProgramModule("InvertedResiduals");
        Layers.Norm norm = new Layers.Norm(epsilon, Initial.ONES);
        Conv first = strided(Conv.of(inChannels, stem, 3).stride(2));
        List<String> lines = new ArrayList<>();
        lines.add("x = " + layers.enter("x")); // [N,3,H,W]
        lines.add("x = "
                + layers.convNorm(
                        module, "conv_stem", first, fanOut(first), "bn1", norm, activation, "x")); // [N,stem,H/2,W/2]
        List<ProgramModule> built = new ArrayList<>();
        int in = stem;
        for (List<Block> stage : stages) {
            List<ProgramModule> blocks = new ArrayList<>();
            for (Block block : stage) {
                for (int i = 0; i < block.repeats; i++) {
                    int stride = i == 0 ? block.stride : 1;
                    blocks.add(
                            block.expand == 0
                                    ? separable(layers, norm, block, in, stride)
                                    : inverted(layers, norm, block, in, stride));
                    in = block.channels;
                }
            }
            built.add(layers.sequence("Blocks", blocks));
        }
        module.child("blocks", layers.sequence("Stages", built));
        lines.add("x = self.blocks.forward(x)"); // [N,C,H/32,W/32]
        Conv last = Conv.of(in, features, 1);
        lines.add("x = "
                + layers.convNorm(
                        module,
                        "conv_head",
                        last,
                        fanOut(last),
                        "bn2",
                        norm,
                        activation,
                        "x")); // [N,features,H/32,W/32]
        lines.add("return " + layers.leave("x"));
        return module.method("forward_features(x: Tensor) -> Tensor", lines.toArray(new String[0]));
    }

    /** Depthwise, squeeze-and-excite, pointwise. */
    private ProgramModule separable(Layers layers, Layers.Norm norm, Block block, int in, int stride) {
        ProgramModule module = new ProgramModule("DepthwiseSeparable");
        Conv depthwise = strided(Conv.depthwise(in, block.kernel).stride(stride));
        List<String> lines = new ArrayList<>();
        lines.add("y = "
                + layers.convNorm(
                        module,
                        "conv_dw",
                        depthwise,
                        fanOut(depthwise),
                        "bn1",
                        norm,
                        activation,
                        "x")); // [N,in,h/stride,w/stride]
        lines.addAll(squeeze(layers, module, in, block.squeeze));
        Conv pointwise = Conv.of(in, block.channels, 1);
        lines.add("return "
                + end(
                        layers, norm, module, "conv_pw", "bn2", pointwise, block, in,
                        stride)); // [N,channels,h/stride,w/stride]
        return layers.packing(module.method("forward(x: Tensor) -> Tensor", lines.toArray(new String[0])));
    }

    /** Pointwise wider, depthwise, squeeze-and-excite, pointwise narrower. */
    private ProgramModule inverted(Layers layers, Layers.Norm norm, Block block, int in, int stride) {
        ProgramModule module = new ProgramModule("InvertedResidual");
        int inner = divisible(in * block.expand);
        Conv widen = Conv.of(in, inner, 1);
        Conv depthwise = strided(Conv.depthwise(inner, block.kernel).stride(stride));
        Conv narrow = Conv.of(inner, block.channels, 1);
        List<String> lines = new ArrayList<>();
        lines.add("y = "
                + layers.convNorm(
                        module, "conv_pw", widen, fanOut(widen), "bn1", norm, activation, "x")); // [N,inner,h,w]
        lines.add("y = "
                + layers.convNorm(
                        module,
                        "conv_dw",
                        depthwise,
                        fanOut(depthwise),
                        "bn2",
                        norm,
                        activation,
                        "y")); // [N,inner,h/stride,w/stride]
        lines.addAll(squeeze(layers, module, inner, block.squeeze / block.expand));
        lines.add("return "
                + end(
                        layers,
                        norm,
                        module,
                        "conv_pwl",
                        "bn3",
                        narrow,
                        block,
                        in,
                        stride)); // [N,channels,h/stride,w/stride]
        return layers.packing(module.method("forward(x: Tensor) -> Tensor", lines.toArray(new String[0])));
    }

    /** The last pointwise convolution of a block and its shortcut, no activation. */
    private static String end(
            Layers layers,
            Layers.Norm norm,
            ProgramModule module,
            String name,
            String normName,
            Conv conv,
            Block block,
            int in,
            int stride) {
        boolean shortcut = block.skip && stride == 1 && in == block.channels;
        return shortcut
                ? layers.convNormAdd(module, name, conv, fanOut(conv), normName, norm, "y", "x", Activation.NONE)
                : layers.convNorm(module, name, conv, fanOut(conv), normName, norm, Activation.NONE, "y");
    }

    /** Squeeze-and-excite: each channel times a gate computed from all channels' means. */
    private List<String> squeeze(Layers layers, ProgramModule module, int channels, double share) {
        if (share == 0) {
            return List.of();
        }
        int squeezed = (int) Math.rint(channels * share);
        Conv reduce = Conv.of(channels, squeezed, 1).withBias();
        Conv expand = Conv.of(squeezed, channels, 1).withBias();
        return List.of(
                "s = torch.mean(y, [2, 3], True)", // [N,channels,1,1]
                "s = " + layers.conv(module, "se.conv_reduce", reduce, fanOut(reduce), activation, "s"),
                "s = " + layers.conv(module, "se.conv_expand", expand, fanOut(expand), Activation.NONE, "s"),
                "y = y * torch.sigmoid(s)");
    }

    private Conv strided(Conv conv) {
        return padding == Padding.TENSORFLOW ? conv.padding(Conv.SAME) : conv;
    }

    private static Initial fanOut(Conv conv) {
        return Initial.normal(Math.sqrt(2.0 / conv.fanOut()));
    }
}
