package io.patella.network.architecture;

import io.patella.network.program.Initial;
import io.patella.network.program.ProgramModule;
import java.util.ArrayList;
import java.util.List;

/**
 * ConvNeXt: Liu et al., "A ConvNet for the 2020s" (2022), and ConvNeXt V2 with global response normalisation: Woo et al. (2023), as
 * timm's {@code convnext.py} (Apache 2.0) has them. Published weights: {@code convnext_*.fb_in22k_ft_in1k} MIT licence, {@code
 * *_atto/femto/pico/nano.d1_in1k} Apache 2.0; V2's {@code *.fcmae*} CC-BY-NC 4.0 (not for commercial use).
 *
 * @param inChannels channels of the pictures
 * @param depths blocks in each of the four stages
 * @param dims channels of each stage
 * @param patch size of the stem's patches, 4 or 2
 * @param layerScale where the scale of residual branches starts; NaN for none
 * @param mlp how a block's two dense layers are stored
 * @param responseNorm whether they have global response normalisation between them (V2)
 * @param epsilon of the layer norms
 * @param classes outputs of the classifier; 0 for none
 */
public record ConvNeXt(
        int inChannels,
        List<Integer> depths,
        List<Integer> dims,
        int patch,
        double layerScale,
        Mlp mlp,
        boolean responseNorm,
        double epsilon,
        int classes)
        implements Architecture {

    /** How the dense layers of a block are stored. */
    public enum Mlp {
        /** As linear layers over [N,H,W,C]. */
        LINEAR,
        /** As 1x1 convolutions over [N,C,H,W]: the small variants of timm. */
        CONVOLUTION
    }

    private static final Initial SMALL = Initial.truncatedNormal(0.02);

    /** Copies the lists. */
    public ConvNeXt {
        depths = List.copyOf(depths);
        dims = List.copyOf(dims);
    }

    static ConvNeXt v1(List<Integer> depths, List<Integer> dims, Mlp mlp) {
        return new ConvNeXt(3, depths, dims, 4, 1e-6, mlp, false, 1e-6, 1000);
    }

    static ConvNeXt v2(List<Integer> depths, List<Integer> dims) {
        return new ConvNeXt(3, depths, dims, 4, Double.NaN, Mlp.LINEAR, true, 1e-6, 1000);
    }

    static ConvNeXt fromTimm(TimmArguments arguments) {
        boolean scaled = !arguments.has("ls_init_value")
                || !arguments.node("ls_init_value").isNull();
        ConvNeXt network = new ConvNeXt(
                arguments.integer("in_chans", 3),
                arguments.stages("depths", List.of(3, 3, 9, 3)),
                arguments.stages("dims", List.of(96, 192, 384, 768)),
                arguments.integer("patch_size", 4),
                scaled ? arguments.number("ls_init_value", 1e-6) : Double.NaN,
                arguments.flag("conv_mlp", false) ? Mlp.CONVOLUTION : Mlp.LINEAR,
                arguments.flag("use_grn", false),
                arguments.number("norm_eps", 1e-6),
                arguments.integer("num_classes", 1000));
        arguments.accept("global_pool", "avg");
        arguments.accept("output_stride", "32");
        arguments.accept("kernel_sizes", "7");
        arguments.accept("stem_type", "patch");
        arguments.accept("head_norm_first", "false");
        arguments.accept("conv_bias", "true");
        arguments.accept("act_layer", "gelu");
        arguments.ignoreTraining("drop_rate", "drop_path_rate", "head_init_scale");
        arguments.refuseOthers();
        if (network.patch != 4 && network.patch != 2) {
            throw arguments.unsupported("patch_size");
        }
        return network;
    }

    @Override
    public Architecture withClasses(int wanted) {
        return new ConvNeXt(inChannels, depths, dims, patch, layerScale, mlp, responseNorm, epsilon, wanted);
    }

    @Override
    public int features() {
        return dims.get(3);
    }

    @Override
    public int stride() {
        return 32; // a stem of stride 2 has a first stage that halves, too
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
        Layers.place(module, "head.norm", layers.layerNorm(features(), epsilon));
        module.method(
                "pooled(features: Tensor) -> Tensor",
                "return self.head.norm.forward(torch.mean(features, [2, 3]))"); // [N,C]
        return Heads.classifier(layers, module, "head.fc", features(), classes);
    }

    private ProgramModule features(Layers layers) {
        ProgramModule module = new ProgramModule("ConvNeXt");
        Conv patches =
                Conv.of(inChannels, dims.get(0), patch).stride(patch).padding(0).withBias();
        List<String> lines = new ArrayList<>();
        lines.add("x = " + layers.enter("x")); // [N,3,H,W]
        lines.add("x = " + layers.conv(module, "stem.0", patches, SMALL, Activation.NONE, "x")); // [N,C0,H/4,W/4]
        lines.add("x = " + layers.layerNorm2d(module, "stem.1", dims.get(0), epsilon, "x"));
        List<ProgramModule> stages = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int stride = i > 0 || patch == 2 ? 2 : 1;
            stages.add(stage(layers, i == 0 ? dims.get(0) : dims.get(i - 1), dims.get(i), stride, depths.get(i)));
        }
        module.child("stages", layers.sequence("Stages", stages));
        lines.add("x = self.stages.forward(x)"); // [N,C3,H/32,W/32]
        lines.add("return " + layers.leave("x"));
        return module.method("forward_features(x: Tensor) -> Tensor", lines.toArray(new String[0]));
    }

    private ProgramModule stage(Layers layers, int in, int out, int stride, int depth) {
        ProgramModule module = new ProgramModule("Stage");
        List<String> lines = new ArrayList<>();
        if (in != out || stride > 1) {
            Conv halve = Conv.of(in, out, stride).stride(stride).padding(0).withBias();
            lines.add("x = " + layers.layerNorm2d(module, "downsample.0", in, epsilon, "x"));
            lines.add("x = "
                    + layers.conv(module, "downsample.1", halve, SMALL, Activation.NONE, "x")); // [N,out,h/2,w/2]
        }
        List<ProgramModule> blocks = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            blocks.add(layers.isFused() ? fusedBlock(layers, out) : block(layers, out));
        }
        module.child("blocks", layers.sequence("Blocks", blocks));
        lines.add("return self.blocks.forward(x)");
        return layers.packing(module.method("forward(x: Tensor) -> Tensor", lines.toArray(new String[0])));
    }

    /** Depthwise 7x7, layer norm, four times wider, GELU, back, layer scale, sum. */
    private ProgramModule block(Layers layers, int width) {
        ProgramModule module = new ProgramModule("ConvNeXtBlock");
        if (!Double.isNaN(layerScale)) {
            module.parameter("gamma", Initial.constant(layerScale), width);
        }
        Conv depthwise = Conv.depthwise(width, 7).withBias();
        List<String> lines = new ArrayList<>();
        lines.add("y = " + layers.conv(module, "conv_dw", depthwise, SMALL, Activation.NONE, "x")); // [N,C,h,w]
        lines.add("y = torch.permute(y, [0, 2, 3, 1])"); // [N,h,w,C]
        lines.add("y = " + layers.layerNorm(module, "norm", width, epsilon, "y"));
        if (mlp == Mlp.LINEAR) {
            lines.add("y = "
                    + layers.linear(module, "mlp.fc1", width, 4 * width, SMALL, Activation.GELU, "y")); // [N,h,w,4C]
            lines.addAll(responseNorm(module, "self.mlp.grn", 4 * width, "[1, 2]", "[1, 1, 1, -1]"));
            lines.add("y = "
                    + layers.linear(module, "mlp.fc2", 4 * width, width, SMALL, Activation.NONE, "y")); // [N,h,w,C]
            lines.add("y = torch.permute(y, [0, 3, 1, 2])"); // [N,C,h,w]
        } else {
            Conv widen = Conv.of(width, 4 * width, 1).withBias();
            Conv narrow = Conv.of(4 * width, width, 1).withBias();
            lines.add("y = torch.permute(y, [0, 3, 1, 2])"); // [N,C,h,w]
            lines.add("y = " + layers.conv(module, "mlp.fc1", widen, SMALL, Activation.GELU, "y")); // [N,4C,h,w]
            lines.addAll(responseNorm(module, "self.mlp.grn", 4 * width, "[2, 3]", "[1, -1, 1, 1]"));
            lines.add("y = " + layers.conv(module, "mlp.fc2", narrow, SMALL, Activation.NONE, "y")); // [N,C,h,w]
        }
        if (!Double.isNaN(layerScale)) {
            lines.add("y = y * torch.reshape(" + layers.weight("self.gamma") + ", [1, -1, 1, 1])");
        }
        lines.add("return x + y");
        return module.method("forward(x: Tensor) -> Tensor", lines.toArray(new String[0]));
    }

    /** The same with the layer scale folded into the second dense layer, which adds the shortcut itself. */
    private ProgramModule fusedBlock(Layers layers, int width) {
        ProgramModule module = new ProgramModule("ConvNeXtBlock");
        Conv depthwise = Conv.depthwise(width, 7).withBias();
        List<String> lines = new ArrayList<>();
        lines.add("y = " + layers.conv(module, "conv_dw", depthwise, SMALL, Activation.NONE, "x")); // [N,C,h,w]
        lines.add("y = torch.permute(y, [0, 2, 3, 1])"); // [N,h,w,C]
        lines.add("y = " + layers.layerNorm(module, "norm", width, epsilon, "y"));
        lines.add(
                "y = " + layers.linear(module, "mlp.fc1", width, 4 * width, SMALL, Activation.GELU, "y")); // [N,h,w,4C]
        lines.addAll(responseNorm(module, "self.mlp.grn", 4 * width, "[1, 2]", "[1, 1, 1, -1]"));
        String scale = Double.isNaN(layerScale) ? "" : "gamma";
        lines.add("y = "
                + layers.fusedLinearScaledAdd(
                        module, "mlp.fc2", 4 * width, width, scale, "y", "torch.permute(x, [0, 2, 3, 1])"));
        lines.add("return torch.permute(y, [0, 3, 1, 2])"); // [N,C,h,w]
        return layers.packing(module.method("forward(x: Tensor) -> Tensor", lines.toArray(new String[0])));
    }

    /** y + beta + gamma y n / mean(n) with n the norm of each channel over the map. */
    private List<String> responseNorm(ProgramModule module, String grn, int width, String map, String channels) {
        if (!responseNorm) {
            return List.of();
        }
        Layers.place(
                module,
                "mlp.grn",
                new ProgramModule("GlobalResponseNorm")
                        .parameter("weight", Initial.ZEROS, width)
                        .parameter("bias", Initial.ZEROS, width));
        String channel = map.equals("[1, 2]") ? "-1" : "1";
        return List.of(
                "n = torch.norm(torch.to(y, 6), 2, " + map + ", True)",
                "n = n / (torch.mean(n, [" + channel + "], True) + 1e-06)",
                "z = torch.addcmul(torch.reshape(" + grn + ".bias, " + channels + "), torch.reshape(" + grn
                        + ".weight, " + channels + "), torch.to(y, 6) * n)",
                "y = torch.to(torch.to(y, 6) + z, ops.prim.dtype(y))");
    }
}
