package io.patella.network.architecture;

import io.patella.network.program.Initial;
import io.patella.network.program.ProgramModule;
import io.patella.network.weights.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * NFNet-F, a residual network without normalisation layers: weights are standardised on the fly, and constants keep the variance of
 * activations near 1.
 *
 * <p>Paper: Brock et al., High-Performance Large-Scale Image Recognition Without Normalization (arXiv 2102.06171); the constants:
 * Brock et al., Characterizing Signal Propagation (arXiv 2101.08692). Names and arithmetic are those of timm's {@code NormFreeNet}.
 * Published weights ({@code dm_nfnet_f0} ... {@code f6}, DeepMind, ImageNet-1k): Apache-2.0.
 *
 * @param depths blocks in each of the stages
 * @param channels width of each stage
 * @param stemChannels width after the stem
 * @param groupSize channels in one group of the 3x3 convolutions; 0: one group of all
 * @param alpha scale of each residual branch
 * @param squeezeRatio inner width of squeeze-and-excitation as a share of the block's width; 0: none
 * @param squeezeGain makes up for the variance that its sigmoid takes
 * @param bottleneckRatio inner width of a block as a share of its width
 * @param finalWidth width of the last convolution; 0: none
 * @param channelDivisor widths are rounded to multiples of this
 * @param standardisationEpsilon added to the variance of a filter's weights
 * @param secondConvolution whether a block has a second 3x3 convolution
 * @param gainInActivation whether activations carry their gain (DeepMind's weights) or the filters do
 * @param samePadding whether strided convolutions pad as TensorFlow does: the odd pixel right and below
 * @param skipGain whether each residual branch has a learned gain, which starts at 0
 * @param activation GELU, SiLU or ReLU
 * @param classes outputs of the classifier; 0: none
 */
public record NfNet(
        List<Integer> depths,
        List<Integer> channels,
        int stemChannels,
        int groupSize,
        double alpha,
        double squeezeRatio,
        double squeezeGain,
        double bottleneckRatio,
        int finalWidth,
        int channelDivisor,
        double standardisationEpsilon,
        boolean secondConvolution,
        boolean gainInActivation,
        boolean samePadding,
        boolean skipGain,
        Activation activation,
        int classes)
        implements Architecture {

    static NfNet fromTimm(TimmArguments arguments) {
        int classes = arguments.integer("num_classes", 1000);
        arguments.accept("in_chans", "3");
        arguments.accept("global_pool", "avg");
        arguments.accept("output_stride", "32");
        arguments.ignoreTraining("drop_rate", "drop_path_rate");
        TimmArguments cfg = new TimmArguments("NormFreeNet.cfg", arguments.node("cfg"));
        List<Integer> depths = cfg.integers("depths", List.of());
        List<Integer> channels = cfg.integers("channels", List.of());
        if (depths.isEmpty() || depths.size() != channels.size()) {
            throw cfg.unsupported("depths");
        }
        if (!cfg.text("stem_type", "3x3").equals("deep_quad")) {
            throw cfg.unsupported("stem_type");
        }
        double squeeze = 0;
        if (cfg.text("attn_layer", "").equals("se")) {
            TimmArguments attention = new TimmArguments("NormFreeNet.cfg.attn_kwargs", cfg.node("attn_kwargs"));
            squeeze = attention.number("rd_ratio", 1.0 / 16);
            attention.accept("rd_divisor", "8");
            attention.refuseOthers();
        } else if (!cfg.text("attn_layer", "").isEmpty()) {
            throw cfg.unsupported("attn_layer");
        }
        cfg.accept("width_factor", "1.0", "1");
        cfg.accept("reg", "false");
        cfg.ignoreTraining("zero_init_fc", "attn_kwargs");
        Activation activation = switch (cfg.text("act_layer", "silu")) {
            case "gelu" -> Activation.GELU;
            case "silu" -> Activation.SILU;
            case "relu" -> Activation.RELU;
            default -> throw cfg.unsupported("act_layer");
        };
        NfNet network = new NfNet(
                depths,
                channels,
                cfg.integer("stem_chs", channels.get(0)),
                cfg.integer("group_size", 0),
                cfg.number("alpha", 0.2),
                squeeze,
                cfg.number("attn_gain", 2.0),
                cfg.number("bottle_ratio", 0.5),
                cfg.integer("num_features", 0),
                cfg.integer("ch_div", 8),
                cfg.number("std_conv_eps", 1e-5),
                cfg.flag("extra_conv", false),
                cfg.flag("gamma_in_act", false),
                cfg.flag("same_padding", false),
                cfg.flag("skipinit", false),
                activation,
                classes);
        cfg.refuseOthers();
        arguments.refuseOthers();
        return network;
    }

    /** Copies the lists. */
    public NfNet {
        depths = List.copyOf(depths);
        channels = List.copyOf(channels);
    }

    /** DeepMind's NFNet-F<i>n</i>, n in 0..6, for ImageNet-1k: n + 1 times as deep as F0. */
    static NfNet deepMind(int n) {
        return new NfNet(
                List.of(n + 1, 2 * (n + 1), 6 * (n + 1), 3 * (n + 1)),
                List.of(256, 512, 1536, 1536),
                128,
                128,
                0.2,
                0.5,
                2.0,
                0.5,
                3072,
                8,
                1e-5,
                true,
                true,
                true,
                true,
                Activation.GELU,
                1000);
    }

    /** Gain that keeps the variance of normal input at 1 (DeepMind's published constants). */
    private double gain() {
        return switch (activation) {
            case GELU -> 1.7015043497085571;
            case SILU -> 1.7881293296813965;
            case RELU -> 1.7139588594436646;
            default -> throw new IllegalStateException("no gain is known for " + activation);
        };
    }

    @Override
    public Architecture withClasses(int wanted) {
        return new NfNet(
                depths,
                channels,
                stemChannels,
                groupSize,
                alpha,
                squeezeRatio,
                squeezeGain,
                bottleneckRatio,
                finalWidth,
                channelDivisor,
                standardisationEpsilon,
                secondConvolution,
                gainInActivation,
                samePadding,
                skipGain,
                activation,
                wanted);
    }

    @Override
    public int features() {
        return finalWidth == 0 ? width(channels.get(channels.size() - 1)) : width(finalWidth);
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
        return layers.packing(new Figure(layers).trunk());
    }

    @Override
    public ProgramModule network(Layers layers) {
        ProgramModule module = layers.packing(new Figure(layers).trunk());
        module.method("pooled(features: Tensor) -> Tensor", "return torch.mean(features, [2, 3])"); // [N,3072]
        return Heads.classifier(layers, module, "head.fc", features(), classes);
    }

    /** The figure in one vocabulary of layers. */
    private final class Figure {
        private final Layers layers;

        Figure(Layers layers) {
            this.layers = layers;
        }

        /** [N,3,H,W] to [N,3072,H/32,W/32]. */
        ProgramModule trunk() {
            ProgramModule network = new ProgramModule("NfNet");
            int width = width(stemChannels);
            network.child("stem", stem(width)); // [N,128,H/4,W/4]
            List<ProgramModule> stages = new ArrayList<>();
            double variance = 1;
            for (int stage = 0; stage < depths.size(); stage++) {
                List<ProgramModule> blocks = new ArrayList<>();
                for (int block = 0; block < depths.get(stage); block++) {
                    int out = width(channels.get(stage));
                    int stride = stage > 0 && block == 0 ? 2 : 1;
                    blocks.add(block(width, out, stride, 1 / Math.sqrt(variance)));
                    // The first block of a stage starts from a plain shortcut; each block then adds alpha^2 to the
                    // variance.
                    variance = (block == 0 ? 1 : variance) + alpha * alpha;
                    width = out;
                }
                stages.add(layers.sequence("Stage", blocks));
            }
            // [N,256,H/4,W/4], [N,512,H/8,W/8], [N,1536,H/16,W/16], [N,1536,H/32,W/32]
            network.child("stages", layers.sequence("Stages", stages));
            String last = finalWidth == 0
                    ? activation.of("x")
                    : convolution(network, "final_conv", Conv.of(width, width(finalWidth), 1), 1, activation, "x");
            return network.method(
                    "forward_features(x: Tensor) -> Tensor",
                    "x = " + layers.enter("x"),
                    "x = self.stem.forward(x)",
                    "x = self.stages.forward(x)",
                    "x = " + last + " * " + Layers.number(gainOfActivation()), // [N,3072,H/32,W/32]
                    "return " + layers.leave("x"));
        }

        /** Four 3x3 convolutions, strides 2, 1, 1, 2. */
        private ProgramModule stem(int width) {
            ProgramModule stem = new ProgramModule("Stem");
            double gain = gainOfActivation();
            Conv conv1 = Conv.of(3, width / 8, 3).stride(2);
            Conv conv2 = Conv.of(width / 8, width / 4, 3);
            Conv conv3 = Conv.of(width / 4, width / 2, 3);
            Conv conv4 = Conv.of(width / 2, width, 3).stride(2);
            return layers.packing(stem.method(
                    "forward(x: Tensor) -> Tensor",
                    "x = " + convolution(stem, "conv1", conv1, 1, activation, "x"), // [N,16,H/2,W/2]
                    "x = " + convolution(stem, "conv2", conv2, gain, activation, "x"), // [N,32,H/2,W/2]
                    "x = " + convolution(stem, "conv3", conv3, gain, activation, "x"), // [N,64,H/2,W/2]
                    "return " + convolution(stem, "conv4", conv4, gain, Activation.NONE, "x"))); // [N,128,H/4,W/4]
        }

        /** A residual block: activation first, 1x1, 3x3, 3x3, 1x1, squeeze-and-excitation; paper, figure 3. */
        private ProgramModule block(int in, int out, int stride, double beta) {
            int inner = divisible(out * bottleneckRatio, channelDivisor, 0.9);
            int groups = groupSize == 0 ? 1 : inner / groupSize;
            if (groupSize > 0 && groupSize % channelDivisor == 0) {
                inner = groupSize * groups;
            }
            double gain = gainOfActivation();
            ProgramModule block = new ProgramModule("NormFreeBlock");
            if (skipGain) {
                block.parameter("skipinit_gain", Initial.ZEROS);
            }
            List<String> lines = new ArrayList<>();
            lines.add("y = " + activation.of("x")); // [N,in,h,w]
            String shortcut = "x";
            if (in != out || stride != 1) {
                String pooled = stride == 1 ? "y" : "torch.avg_pool2d(y, [2, 2], [2, 2], [0, 0], True, False, None)";
                Conv conv = Conv.of(in, out, 1);
                shortcut = convolution(block, "downsample.conv", conv, gain * beta, Activation.NONE, pooled);
            }
            lines.add("shortcut = " + shortcut); // [N,out,h/stride,w/stride]
            Conv narrow = Conv.of(in, inner, 1);
            Conv grouped = Conv.of(inner, inner, 3).groups(groups);
            Conv widen = Conv.of(inner, out, 1);
            lines.add("y = " + convolution(block, "conv1", narrow, gain * beta, activation, "y")); // [N,inner,h,w]
            // [N,inner,h/stride,w/stride]
            lines.add("y = " + convolution(block, "conv2", grouped.stride(stride), gain, activation, "y"));
            if (secondConvolution) {
                lines.add("y = " + convolution(block, "conv2b", grouped, gain, activation, "y"));
            }
            // [N,out,h/stride,w/stride]
            lines.add("y = " + convolution(block, "conv3", widen, gain, Activation.NONE, "y"));
            if (squeezeRatio > 0) {
                int squeezed = divisible(out * squeezeRatio, 8, 0);
                Conv down = Conv.of(out, squeezed, 1).withBias();
                Conv up = Conv.of(squeezed, out, 1).withBias();
                lines.add("s = torch.mean(y, [2, 3], True)"); // [N,out,1,1]
                // [N,out*ratio,1,1]
                lines.add("s = " + layers.conv(block, "attn_last.fc1", down, normal(down), Activation.RELU, "s"));
                lines.add("s = "
                        + layers.conv(block, "attn_last.fc2", up, normal(up), Activation.NONE, "s")); // [N,out,1,1]
                lines.add("y = y * (torch.sigmoid(s) * " + Layers.number(squeezeGain) + ")");
            }
            lines.add(
                    "scale = " + (skipGain ? layers.weight("self.skipinit_gain") + " * " : "") + Layers.number(alpha));
            lines.add("return y * scale + shortcut");
            return layers.packing(block.method("forward(x: Tensor) -> Tensor", lines.toArray(new String[0])));
        }

        /**
         * A convolution of x times {@code scale}, then an activation. Its filters are standardised before use: (w - mean) /
         * sqrt(variance + epsilon), variance divided by n, times the learned gain and 1 / sqrt(n), n the number of a filter's weights.
         */
        private String convolution(
                ProgramModule module, String name, Conv size, double scale, Activation then, String x) {
            Conv conv = (samePadding ? size.padding(Conv.SAME) : size).withBias();
            double filterScale = (gainInActivation ? 1 : gain()) / Math.sqrt(conv.fanIn());
            if (layers.isFused()) {
                return layers.fusedConv(
                        module,
                        name,
                        conv,
                        then,
                        named -> standardised(
                                named.apply(name + ".weight"), named.apply(name + ".gain"), filterScale * scale),
                        named -> named.apply(name + ".bias"),
                        x);
            }
            List<String> lines = new ArrayList<>(List.of(conv.inputLines()));
            lines.add("weight = torch.reshape(self.weight, [1, " + conv.out() + ", " + conv.fanIn() + "])");
            lines.add("weight = torch.batch_norm(weight, torch.reshape(self.gain * " + Layers.number(filterScale)
                    + ", [" + conv.out() + "]), None, None, None, True, 0., " + Layers.number(standardisationEpsilon)
                    + ", False)");
            lines.add("weight = torch.reshape(weight, [" + conv.out() + ", " + conv.in() / conv.groups() + ", "
                    + conv.kernel() + ", " + conv.kernel() + "])");
            lines.add("return torch.conv2d(x, " + layers.weight("weight") + ", " + layers.weight("self.bias") + ", "
                    + conv.arguments() + ")");
            Layers.place(
                    module,
                    name,
                    new ProgramModule("ScaledStdConv2d")
                            .parameter("weight", normal(conv), conv.weightShape())
                            .parameter("bias", Initial.ZEROS, conv.out())
                            .parameter("gain", Initial.ONES, conv.out(), 1, 1, 1)
                            .method("forward(x: Tensor) -> Tensor", lines.toArray(new String[0])));
            String scaled = scale == 1 ? x : x + " * " + Layers.number(scale);
            return then.of(ProgramModule.access(name) + ".forward(" + scaled + ")");
        }

        private double gainOfActivation() {
            return gainInActivation ? gain() : 1;
        }
    }

    /** The filters as {@link Figure#convolution} uses them. */
    private Tensor standardised(Tensor weight, Tensor gain, double scale) {
        float[] gains = gain.toFloats();
        float[] weights = weight.toFloats();
        int n = weights.length / gains.length;
        for (int filter = 0; filter < gains.length; filter++) {
            double sum = 0;
            double squares = 0;
            for (int i = filter * n; i < (filter + 1) * n; i++) {
                sum += weights[i];
                squares += (double) weights[i] * weights[i];
            }
            double mean = sum / n;
            double factor = gains[filter] * scale / Math.sqrt(squares / n - mean * mean + standardisationEpsilon);
            for (int i = filter * n; i < (filter + 1) * n; i++) {
                weights[i] = (float) ((weights[i] - mean) * factor);
            }
        }
        return Tensor.of(weights, weight.shape());
    }

    private static Initial normal(Conv conv) {
        return Initial.normal(1 / Math.sqrt(conv.fanIn()));
    }

    private int width(int wanted) {
        return divisible(wanted, channelDivisor, 0.9);
    }

    /** {@code value} to the nearest multiple of the divisor, but not below {@code least} of it. */
    private static int divisible(double value, int divisor, double least) {
        int rounded = Math.max(divisor, (int) (value + divisor / 2.0) / divisor * divisor);
        return rounded < least * value ? rounded + divisor : rounded;
    }
}
