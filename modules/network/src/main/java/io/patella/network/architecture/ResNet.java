package io.patella.network.architecture;

import io.patella.network.program.Initial;
import io.patella.network.program.ProgramModule;
import java.util.ArrayList;
import java.util.List;

/**
 * ResNet: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition" (2015), with the stride in the 3x3 convolution of a
 * bottleneck ("v1.5"), as timm's {@code resnet.py} (Apache 2.0) has it. Published weights ({@code resnet50.a1_in1k} and others):
 * Apache 2.0.
 *
 * @param inChannels channels of the pictures
 * @param block the kind of residual block
 * @param layers blocks in each of the four stages
 * @param channels inner channels of each stage
 * @param stem channels of the stem
 * @param cardinality groups of a bottleneck's 3x3 convolution
 * @param baseWidth inner channels of a bottleneck per group and 64 channels
 * @param classes outputs of the classifier; 0 for none
 */
public record ResNet(
        int inChannels,
        Block block,
        List<Integer> layers,
        List<Integer> channels,
        int stem,
        int cardinality,
        int baseWidth,
        int classes)
        implements Architecture {

    /** Kinds of residual blocks. */
    public enum Block {
        /** Two 3x3 convolutions. */
        BASIC(1),
        /** 1x1, 3x3, 1x1, the last with four times the channels. */
        BOTTLENECK(4);

        final int expansion;

        Block(int expansion) {
            this.expansion = expansion;
        }
    }

    /** Copies the lists. */
    public ResNet {
        layers = List.copyOf(layers);
        channels = List.copyOf(channels);
    }

    static ResNet of(Block block, Integer... layers) {
        return new ResNet(3, block, List.of(layers), List.of(64, 128, 256, 512), 64, 1, 64, 1000);
    }

    static ResNet fromTimm(TimmArguments arguments) {
        Block block = switch (arguments.text("block", "").toLowerCase(java.util.Locale.ROOT)) {
            case "basicblock", "basic" -> Block.BASIC;
            case "bottleneck" -> Block.BOTTLENECK;
            default -> throw arguments.unsupported("block");
        };
        ResNet network = new ResNet(
                arguments.integer("in_chans", 3),
                block,
                arguments.stages("layers", List.of()),
                arguments.stages("channels", List.of(64, 128, 256, 512)),
                arguments.integer("stem_width", 64),
                arguments.integer("cardinality", 1),
                arguments.integer("base_width", 64),
                arguments.integer("num_classes", 1000));
        arguments.accept("global_pool", "avg");
        arguments.accept("output_stride", "32");
        arguments.accept("stem_type", "");
        arguments.accept("avg_down", "false");
        arguments.accept("replace_stem_pool", "false");
        arguments.accept("down_kernel_size", "1");
        arguments.accept("block_reduce_first", "1");
        arguments.ignoreTraining("drop_rate", "drop_path_rate", "drop_block_rate", "zero_init_last");
        arguments.refuseOthers();
        return network;
    }

    @Override
    public Architecture withClasses(int wanted) {
        return new ResNet(inChannels, block, layers, channels, stem, cardinality, baseWidth, wanted);
    }

    @Override
    public int features() {
        return channels.get(3) * block.expansion;
    }

    @Override
    public int stride() {
        return 32;
    }

    @Override
    public Shape shape() {
        return Shape.MAP;
    }

    @Override
    public ProgramModule trunk(Layers layers) {
        return layers.packing(features(layers));
    }

    @Override
    public ProgramModule network(Layers layers) {
        ProgramModule module = layers.packing(features(layers));
        module.method("pooled(features: Tensor) -> Tensor", "return torch.mean(features, [2, 3])"); // [N,C]
        return Heads.classifier(layers, module, "fc", features(), classes);
    }

    private ProgramModule features(Layers layers) {
        ProgramModule module = new ProgramModule("ResNet");
        Conv conv1 = Conv.of(inChannels, stem, 7).stride(2);
        List<String> lines = new ArrayList<>();
        lines.add("x = " + layers.enter("x")); // [N,3,H,W]
        lines.add("x = "
                + layers.convNorm(
                        module, "conv1", conv1, heNormal(conv1), "bn1", Layers.Norm.STANDARD, Activation.RELU, "x"));
        lines.add("x = torch.max_pool2d(x, [3, 3], [2, 2], [1, 1])"); // [N,64,H/4,W/4]
        int in = stem;
        for (int stage = 0; stage < 4; stage++) {
            List<ProgramModule> blocks = new ArrayList<>();
            for (int i = 0; i < this.layers.get(stage); i++) {
                int stride = i == 0 && stage > 0 ? 2 : 1;
                int out = channels.get(stage) * block.expansion;
                blocks.add(
                        block == Block.BASIC
                                ? basic(layers, in, out, stride)
                                : bottleneck(layers, in, channels.get(stage), stride));
                in = out;
            }
            String name = "layer" + (stage + 1);
            module.child(name, layers.sequence("Layer", blocks));
            lines.add("x = self." + name + ".forward(x)"); // [N,C,H/4,W/4], then /8, /16, /32
        }
        lines.add("return " + layers.leave("x"));
        return module.method("forward_features(x: Tensor) -> Tensor", lines.toArray(new String[0]));
    }

    private ProgramModule basic(Layers layers, int in, int out, int stride) {
        ProgramModule module = new ProgramModule("BasicBlock");
        Conv conv1 = Conv.of(in, out, 3).stride(stride);
        Conv conv2 = Conv.of(out, out, 3);
        String y = layers.convNorm(
                module, "conv1", conv1, heNormal(conv1), "bn1", Layers.Norm.STANDARD, Activation.RELU, "x");
        String shortcut = shortcut(layers, module, in, out, stride);
        String sum = layers.convNormAdd(
                module, "conv2", conv2, heNormal(conv2), "bn2", Layers.Norm.LAST, "y", "shortcut", Activation.RELU);
        return layers.packing(module.method(
                "forward(x: Tensor) -> Tensor",
                "shortcut = " + shortcut, // [N,out,h/stride,w/stride]
                "y = " + y, // [N,out,h/stride,w/stride]
                "return " + sum));
    }

    private ProgramModule bottleneck(Layers layers, int in, int planes, int stride) {
        ProgramModule module = new ProgramModule("Bottleneck");
        int width = planes * baseWidth / 64 * cardinality;
        int out = planes * 4;
        Conv conv1 = Conv.of(in, width, 1);
        Conv conv2 = Conv.of(width, width, 3).stride(stride).groups(cardinality);
        Conv conv3 = Conv.of(width, out, 1);
        String first = layers.convNorm(
                module, "conv1", conv1, heNormal(conv1), "bn1", Layers.Norm.STANDARD, Activation.RELU, "x");
        String second = layers.convNorm(
                module, "conv2", conv2, heNormal(conv2), "bn2", Layers.Norm.STANDARD, Activation.RELU, "y");
        String shortcut = shortcut(layers, module, in, out, stride);
        String sum = layers.convNormAdd(
                module, "conv3", conv3, heNormal(conv3), "bn3", Layers.Norm.LAST, "y", "shortcut", Activation.RELU);
        return layers.packing(module.method(
                "forward(x: Tensor) -> Tensor",
                "y = " + first, // [N,width,h,w]
                "y = " + second, // [N,width,h/stride,w/stride]
                "shortcut = " + shortcut, // [N,out,h/stride,w/stride]
                "return " + sum)); // [N,out,h/stride,w/stride]
    }

    private static String shortcut(Layers layers, ProgramModule module, int in, int out, int stride) {
        if (stride == 1 && in == out) {
            return "x";
        }
        Conv conv = Conv.of(in, out, 1).stride(stride);
        return layers.convNorm(
                module,
                "downsample.0",
                conv,
                heNormal(conv),
                "downsample.1",
                Layers.Norm.STANDARD,
                Activation.NONE,
                "x");
    }

    private static Initial heNormal(Conv conv) {
        return Initial.normal(Math.sqrt(2.0 / conv.fanOut()));
    }
}
