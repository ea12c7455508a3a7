package io.patella.network.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.network.program.Initial;
import io.patella.network.program.ProgramModule;
import io.patella.network.weights.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The Vision Transformer in its two dialects: with learned absolute positions (ViT, DINOv2, BioMedCLIP's image trunk) and with rotary
 * positions (DINOv3).
 *
 * <p>Papers: Dosovitskiy et al., An Image is Worth 16x16 Words (arXiv 2010.11929); Oquab et al., DINOv2 (2304.07193); Darcet et al.,
 * Vision Transformers Need Registers (2309.16588); Simeoni et al., DINOv3 (2508.10104); Zhang et al., BiomedCLIP (2303.00915). Names and
 * arithmetic are those of timm's {@code VisionTransformer} and {@code Eva}. Published weights: ViT and DINOv2 Apache-2.0, BiomedCLIP
 * MIT, DINOv3 under Meta's DINOv3 licence (to be accepted before download).
 *
 * @param dialect which of timm's classes names the parameters
 * @param imageHeight rows of the input that the positions were learned for
 * @param imageWidth its columns
 * @param patch side of a patch in pixels
 * @param width of a token
 * @param depth number of blocks
 * @param heads attention heads in a block
 * @param hiddenRatio width inside of the feed-forward part as a multiple of {@code width}
 * @param attentionBias whether queries, keys and values have a bias (EVA: queries and values)
 * @param layerScale start of the learned scale of each branch; 0: none
 * @param registers number of register tokens
 * @param positions what the learned positions cover
 * @param normalisationEpsilon of the layer norms
 * @param pool how tokens become one embedding
 * @param normaliseAfterPool whether the last norm stands behind the pooling ({@code fc_norm}) instead of before it
 * @param rotaryTemperature base of the rotary periods
 * @param classes outputs of the classifier; 0: none
 */
public record VisionTransformer(
        Dialect dialect,
        int imageHeight,
        int imageWidth,
        int patch,
        int width,
        int depth,
        int heads,
        double hiddenRatio,
        boolean attentionBias,
        double layerScale,
        int registers,
        Positions positions,
        double normalisationEpsilon,
        Pool pool,
        boolean normaliseAfterPool,
        double rotaryTemperature,
        int classes)
        implements Architecture {

    private static final Initial SMALL = Initial.truncatedNormal(0.02);

    /** Names of parameters. */
    public enum Dialect {
        /** timm's {@code VisionTransformer}: {@code attn.qkv.bias}, {@code ls1.gamma}. */
        VIT,
        /** timm's {@code Eva}: {@code attn.q_bias}, {@code attn.v_bias}, {@code gamma_1}. */
        EVA
    }

    /** Where positions come from. */
    public enum Positions {
        /** Learned, one for each prefix token and each patch. */
        ALL_TOKENS,
        /** Learned, one for each patch; class and register tokens have none. */
        PATCHES,
        /** None learned; patches are rotated by their place (DINOv3). */
        ROTARY
    }

    /** How tokens become one embedding. */
    public enum Pool {
        /** The class token. */
        CLASS_TOKEN,
        /** The mean of the patch tokens, no classifier. */
        MEAN_OF_PATCHES
    }

    /** ViT-B/16 as published, and BiomedCLIP's trunk with 0 classes: 224 x 224, 196 patches, class token. */
    public static VisionTransformer base16(int classes) {
        return new VisionTransformer(
                Dialect.VIT,
                224,
                224,
                16,
                768,
                12,
                12,
                4,
                true,
                0,
                0,
                Positions.ALL_TOKENS,
                1e-6,
                Pool.CLASS_TOKEN,
                false,
                0,
                classes);
    }

    /** Sizes of the DINO networks. */
    public enum Size {
        SMALL(384, 12, 6),
        BASE(768, 12, 12),
        LARGE(1024, 24, 16);

        private final int width;
        private final int depth;
        private final int heads;

        Size(int width, int depth, int heads) {
            this.width = width;
            this.depth = depth;
            this.heads = heads;
        }
    }

    /**
     * DINOv2: 518 x 518 in patches of 14, class token, no classifier.
     *
     * @param registers 4 (positions then cover patches alone) or 0
     */
    public static VisionTransformer dinoV2(Size size, int registers) {
        return new VisionTransformer(
                Dialect.VIT,
                518,
                518,
                14,
                size.width,
                size.depth,
                size.heads,
                4,
                true,
                1e-5,
                registers,
                registers > 0 ? Positions.PATCHES : Positions.ALL_TOKENS,
                1e-6,
                Pool.CLASS_TOKEN,
                false,
                0,
                0);
    }

    /** DINOv3: 256 x 256 in patches of 16, 4 registers, rotary positions, mean of the patch tokens, no classifier. */
    public static VisionTransformer dinoV3(Size size) {
        return new VisionTransformer(
                Dialect.EVA,
                256,
                256,
                16,
                size.width,
                size.depth,
                size.heads,
                4,
                false,
                1e-5,
                4,
                Positions.ROTARY,
                1e-5,
                Pool.MEAN_OF_PATCHES,
                false,
                100,
                0);
    }

    /** Inputs of another size than {@code img_size} are always taken, as with {@code dynamic_img_size}. */
    static VisionTransformer fromTimm(TimmArguments arguments) {
        boolean mean = arguments.text("global_pool", "token").equals("avg");
        arguments.accept("global_pool", "token", "avg");
        arguments.accept("class_token", "true");
        arguments.accept("qk_norm", "false");
        arguments.accept("scale_attn_norm", "false");
        arguments.accept("scale_mlp_norm", "false");
        arguments.accept("proj_bias", "true");
        arguments.accept("pos_embed", "learn");
        arguments.accept("pre_norm", "false");
        arguments.accept("final_norm", "true");
        arguments.accept("pool_include_prefix", "false");
        arguments.ignoreTraining("weight_init", "fix_init");
        return common(
                arguments,
                Dialect.VIT,
                arguments.integer("reg_tokens", 0),
                arguments.flag("no_embed_class", false) ? Positions.PATCHES : Positions.ALL_TOKENS,
                mean ? Pool.MEAN_OF_PATCHES : Pool.CLASS_TOKEN,
                isNull(arguments, "fc_norm") ? mean : arguments.flag("fc_norm", mean),
                0);
    }

    static VisionTransformer fromTimmEva(TimmArguments arguments) {
        boolean mean = arguments.text("global_pool", "avg").equals("avg");
        arguments.accept("global_pool", "avg", "token");
        boolean rotary = arguments.flag("use_rot_pos_emb", false);
        if (rotary == arguments.flag("use_abs_pos_emb", true)) {
            throw arguments.unsupported("use_abs_pos_emb"); // neither or both
        }
        if (rotary) {
            if (!arguments.text("rope_type", "cat").equals("dinov3")) {
                throw arguments.unsupported("rope_type");
            }
            if (!arguments.flag("rope_rotate_half", false)) {
                throw arguments.unsupported("rope_rotate_half");
            }
            arguments.accept("rope_grid_offset", "0", "0.0");
            arguments.accept("rope_grid_indexing", "ij");
        } else {
            arguments.ignoreTraining("rope_type", "rope_rotate_half", "rope_grid_offset", "rope_grid_indexing");
        }
        arguments.accept("class_token", "true");
        arguments.accept("qkv_fused", "true");
        arguments.accept("swiglu_mlp", "false");
        arguments.accept("scale_mlp", "false");
        arguments.accept("scale_attn_inner", "false");
        arguments.accept("attn_type", "eva");
        arguments.accept("use_post_norm", "false");
        arguments.accept("use_pre_transformer_norm", "false");
        arguments.accept("use_post_transformer_norm");
        arguments.accept("attn_pool_num_heads");
        arguments.accept("attn_pool_mlp_ratio");
        arguments.ignoreTraining("swiglu_align_to", "ref_feat_shape", "head_init_scale");
        Positions learned = arguments.flag("no_embed_class", false) ? Positions.PATCHES : Positions.ALL_TOKENS;
        return common(
                arguments,
                Dialect.EVA,
                arguments.integer("num_reg_tokens", 0),
                rotary ? Positions.ROTARY : learned,
                mean ? Pool.MEAN_OF_PATCHES : Pool.CLASS_TOKEN,
                isNull(arguments, "use_fc_norm") ? mean : arguments.flag("use_fc_norm", mean),
                arguments.number("rope_temperature", 10000));
    }

    private static VisionTransformer common(
            TimmArguments arguments,
            Dialect dialect,
            int registers,
            Positions positions,
            Pool pool,
            boolean normaliseAfterPool,
            double rotaryTemperature) {
        List<Integer> image = arguments.integers("img_size", List.of(224, 224));
        List<Integer> patch = arguments.integers("patch_size", List.of(16, 16));
        if (patch.size() != 2 || !patch.get(0).equals(patch.get(1)) || patch.get(0) < 1) {
            throw arguments.unsupported("patch_size");
        }
        if (image.size() != 2 || image.get(0) < patch.get(0) || image.get(1) < patch.get(1)) {
            throw arguments.unsupported("img_size");
        }
        int width = arguments.integer("embed_dim", 768);
        int heads = arguments.integer("num_heads", 12);
        boolean divides = heads > 0 && width > 0 && width % heads == 0;
        if (!divides || (positions == Positions.ROTARY && width / heads % 4 != 0)) {
            throw arguments.unsupported("num_heads");
        }
        for (String layer : List.of("embed_layer", "embed_norm_layer", "block_fn", "mlp_layer", "attn_layer")) {
            arguments.accept(layer);
        }
        arguments.accept("in_chans", "3");
        arguments.accept("act_layer", "gelu");
        arguments.accept("dynamic_img_pad", "false");
        arguments.ignoreTraining(
                "dynamic_img_size",
                "drop_rate",
                "pos_drop_rate",
                "patch_drop_rate",
                "proj_drop_rate",
                "attn_drop_rate",
                "drop_path_rate");
        VisionTransformer network = new VisionTransformer(
                dialect,
                image.get(0),
                image.get(1),
                patch.get(0),
                width,
                arguments.integer("depth", 12),
                heads,
                arguments.number("mlp_ratio", 4),
                arguments.flag("qkv_bias", true),
                isNull(arguments, "init_values") ? 0 : arguments.number("init_values", 0),
                registers,
                positions,
                epsilon(arguments),
                pool,
                normaliseAfterPool,
                rotaryTemperature,
                arguments.integer("num_classes", 1000));
        arguments.refuseOthers();
        return network;
    }

    private static boolean isNull(TimmArguments arguments, String name) {
        return arguments.node(name).isNull();
    }

    /** Of a {@code norm_layer} given as {@code {"partial": "LayerNorm", "eps": 1e-5}}. */
    private static double epsilon(TimmArguments arguments) {
        JsonNode norm = arguments.node("norm_layer");
        if (norm.isMissingNode() || norm.isNull()) {
            return 1e-6;
        }
        if (!norm.path("partial").asText().equals("LayerNorm")
                || !norm.path("eps").isNumber()
                || norm.size() != 2) {
            throw arguments.unsupported("norm_layer");
        }
        return norm.get("eps").doubleValue();
    }

    /** Checks what has to divide what. */
    public VisionTransformer {
        if (imageHeight < patch || imageWidth < patch || width % heads != 0) {
            throw new IllegalArgumentException("image " + imageHeight + "x" + imageWidth + " with patches of " + patch
                    + ", width " + width + " with " + heads + " heads");
        }
        if (positions == Positions.ROTARY && width / heads % 4 != 0) {
            throw new IllegalArgumentException("rotary positions need a head width divisible by 4: " + width / heads);
        }
    }

    /** Tokens before the patches: the class token and the registers. */
    public int prefixTokens() {
        return 1 + registers;
    }

    @Override
    public Architecture withClasses(int wanted) {
        return new VisionTransformer(
                dialect,
                imageHeight,
                imageWidth,
                patch,
                width,
                depth,
                heads,
                hiddenRatio,
                attentionBias,
                layerScale,
                registers,
                positions,
                normalisationEpsilon,
                pool,
                normaliseAfterPool,
                rotaryTemperature,
                wanted);
    }

    @Override
    public int features() {
        return width;
    }

    @Override
    public int stride() {
        return patch;
    }

    @Override
    public Shape shape() {
        return Shape.TOKENS;
    }

    @Override
    public ProgramModule trunk(Layers layers) {
        ProgramModule module = new Figure(layers).trunk();
        String pooled = pool == Pool.CLASS_TOKEN
                ? "torch.select(features, 1, 0)"
                : "torch.mean(torch.slice(features, 1, " + prefixTokens() + ", torch.size(features, 1), 1), [1])";
        if (normaliseAfterPool) {
            pooled = layers.layerNorm(module, "fc_norm", width, normalisationEpsilon, pooled);
        }
        module.method("pooled(features: Tensor) -> Tensor", "return " + pooled); // [N,768]
        return layers.packing(module);
    }

    @Override
    public ProgramModule network(Layers layers) {
        return Heads.classifier(layers, trunk(layers), "head", width, classes);
    }

    /** The figure in one vocabulary of layers. */
    private final class Figure {
        private final Layers layers;
        private final int rows = imageHeight / patch;
        private final int columns = imageWidth / patch;
        private final int prefix = positions == Positions.ALL_TOKENS ? prefixTokens() : 0;
        private final boolean eva = dialect == Dialect.EVA;
        private final boolean rotary = positions == Positions.ROTARY;

        Figure(Layers layers) {
            this.layers = layers;
        }

        /** [N,3,H,W], H and W multiples of the patch, to tokens [N,prefixTokens + H/patch * W/patch,width]. */
        ProgramModule trunk() {
            ProgramModule network = new ProgramModule("VisionTransformer");
            network.parameter("cls_token", Initial.normal(1e-6), 1, 1, width);
            if (registers > 0) {
                network.parameter("reg_token", Initial.normal(1e-6), 1, registers, width);
            }
            if (!rotary) {
                network.parameter("pos_embed", SMALL, 1, prefix + rows * columns, width);
                positions(network);
            } else {
                rotation(network);
            }
            Conv embed = Conv.of(3, width, patch).stride(patch).padding(0).withBias();
            String patches = layers.conv(network, "patch_embed.proj", embed, SMALL, Activation.NONE, "x");
            List<String> lines = new ArrayList<>();
            lines.add("if torch.size(x, 2) % " + patch + " != 0 or torch.size(x, 3) % " + patch + " != 0:");
            lines.add("  ops.prim.RaiseException(\"height and width must be multiples of the patch, " + patch + "\")");
            lines.add("x = " + layers.enter("x"));
            lines.add("x = " + patches); // [N,768,14,14]
            lines.add("rows = torch.size(x, 2)");
            lines.add("columns = torch.size(x, 3)");
            lines.add("x = torch.transpose(torch.flatten(x, 2), 1, 2)"); // [N,196,768]
            if (positions == Positions.PATCHES) {
                lines.add("x = x + torch.to(self.positions(rows, columns), ops.prim.dtype(x))");
            }
            lines.add("tokens = [torch.expand(self.cls_token, [torch.size(x, 0), -1, -1])]");
            if (registers > 0) {
                lines.add("tokens = tokens + [torch.expand(self.reg_token, [torch.size(x, 0), -1, -1])]");
            }
            lines.add("x = torch.cat([torch.to(torch.cat(tokens, 1), ops.prim.dtype(x)), x], 1)"); // [N,197,768]
            if (positions == Positions.ALL_TOKENS) {
                lines.add("x = x + torch.to(self.positions(rows, columns), ops.prim.dtype(x))");
            }
            if (rotary) {
                lines.add("sine, cosine = self.rotation(rows, columns, x)");
            }
            ProgramModule blocks = new ProgramModule("Blocks");
            for (int i = 0; i < depth; i++) {
                blocks.child(Integer.toString(i), block());
                lines.add("x = " + ProgramModule.access("blocks." + i) + ".forward(x" + turning() + ")"); // [N,197,768]
            }
            network.child("blocks", layers.packing(blocks));
            if (!normaliseAfterPool) {
                lines.add("x = " + layers.layerNorm(network, "norm", width, normalisationEpsilon, "x"));
            }
            lines.add("return " + layers.leave("x"));
            return network.method("forward_features(x: Tensor) -> Tensor", lines.toArray(new String[0]));
        }

        private String turning() {
            return rotary ? ", sine, cosine" : "";
        }

        /**
         * Learned positions for a grid of any size: those of the patches are resized as a picture, bicubic (a = -0.5) and antialiased;
         * those of the prefix stay. A square grid of the learned count is taken as it is, whatever the learned grid's shape (timm).
         */
        private void positions(ProgramModule network) {
            network.method(
                    "positions(rows: int, columns: int) -> Tensor",
                    "if rows * columns == " + rows * columns + " and (rows == columns or rows == " + rows + "):",
                    "  return self.pos_embed",
                    "grid = torch.slice(self.pos_embed, 1, " + prefix + ", " + (prefix + rows * columns)
                            + ", 1)", // [1,196,768]
                    "grid = torch.reshape(grid, [1, " + rows + ", " + columns + ", " + width + "])", // [1,14,14,768]
                    "grid = torch.permute(grid, [0, 3, 1, 2])", // [1,768,14,14]
                    "grid = torch._upsample_bicubic2d_aa(grid, [rows, columns], False, None, None)", // [1,768,rows,columns]
                    "grid = torch.transpose(torch.flatten(grid, 2), 1, 2)", // [1,rows*columns,768]
                    "return torch.cat([torch.slice(self.pos_embed, 1, 0, " + prefix + ", 1), grid], 1)");
        }

        /**
         * Sine and cosine of each patch's rotation, [1,1,rows*columns,head width]: the patch's centre in [-1,1] on each axis times 2 pi
         * over d/4 periods temperature^(2k/(d/2)); the angles of rows, then those of columns, then both again for the other half.
         */
        private void rotation(ProgramModule network) {
            int quarter = width / heads / 4;
            String turn = Layers.number(2 * Math.PI);
            String number = ", dtype=6, layout=None, device=ops.prim.device(like), pin_memory=None)";
            network.method(
                    "rotation(rows: int, columns: int, like: Tensor) -> Tuple[Tensor, Tensor]",
                    "k = torch.arange(" + quarter + number,
                    "periods = torch.pow(" + Layers.number(rotaryTemperature) + ", k * 2. / " + 2 * quarter + ".)",
                    "r = (torch.arange(rows" + number + " + 0.5) / float(rows) * 2. - 1.",
                    "c = (torch.arange(columns" + number + " + 0.5) / float(columns) * 2. - 1.",
                    "r = torch.expand(torch.reshape(r, [rows, 1, 1]), [rows, columns, 1])",
                    "c = torch.expand(torch.reshape(c, [1, columns, 1]), [rows, columns, 1])",
                    "angles = torch.cat([r * " + turn + " / periods, c * " + turn + " / periods], 2)",
                    "angles = torch.reshape(angles, [1, 1, rows * columns, " + 2 * quarter + "])",
                    "angles = torch.cat([angles, angles], 3)",
                    "sine = torch.to(torch.sin(angles), ops.prim.dtype(like))",
                    "return (sine, torch.to(torch.cos(angles), ops.prim.dtype(like)))");
        }

        /** Attention and a feed-forward part, each behind a norm and on a branch of its own: [N,L,width] to [N,L,width]. */
        private ProgramModule block() {
            ProgramModule block = new ProgramModule("Block");
            int head = width / heads;
            int hidden = (int) (width * hiddenRatio);
            if (layerScale > 0 && eva && !layers.isFused()) {
                block.parameter("gamma_1", Initial.constant(layerScale), width);
                block.parameter("gamma_2", Initial.constant(layerScale), width);
            }
            List<String> lines = new ArrayList<>();
            lines.add("y = " + layers.layerNorm(block, "norm1", width, normalisationEpsilon, "x"));
            lines.add("y = " + queriesKeysValues(block, "y")); // [N,197,3*768]
            lines.add("y = torch.reshape(y, [torch.size(y, 0), torch.size(y, 1), 3, " + heads + ", " + head + "])");
            lines.add("q, k, v = torch.unbind(torch.permute(y, [2, 0, 3, 1, 4]))"); // [N,12,197,64] each
            if (rotary) {
                lines.add("q = self.turned(q, sine, cosine)");
                lines.add("k = self.turned(k, sine, cosine)");
                turned(block, head);
            }
            lines.add("y = torch.scaled_dot_product_attention(q, k, v)"); // softmax(q k^T / sqrt(64)) v
            lines.add("y = torch.flatten(torch.transpose(y, 1, 2), 2)"); // [N,197,768]
            lines.add("x = " + branch(block, "attn.proj", width, 1)); // [N,197,768]
            lines.add("y = " + layers.layerNorm(block, "norm2", width, normalisationEpsilon, "x"));
            lines.add("y = "
                    + layers.linear(block, "mlp.fc1", width, hidden, SMALL, Activation.GELU, "y")); // [N,197,3072]
            lines.add("return " + branch(block, "mlp.fc2", hidden, 2)); // [N,197,768]
            return layers.packing(block.method(
                    "forward(x: Tensor" + (rotary ? ", sine: Tensor, cosine: Tensor" : "") + ") -> Tensor",
                    lines.toArray(new String[0])));
        }

        private String queriesKeysValues(ProgramModule block, String x) {
            int products = 3 * width;
            if (eva && layers.isFused()) {
                return layers.fusedLinear(block, "attn.qkv", width, products, this::evaBias, x);
            }
            if (attentionBias && !eva) {
                return layers.linear(block, "attn.qkv", width, products, SMALL, Activation.NONE, x);
            }
            if (layers.isFused()) {
                return layers.fusedLinear(
                        block, "attn.qkv", width, products, named -> Tensor.of(new float[products], products), x);
            }
            ProgramModule attention = new ProgramModule("Attention");
            String bias = "None";
            if (eva && attentionBias) { // keys have none
                attention.parameter("q_bias", Initial.ZEROS, width).parameter("v_bias", Initial.ZEROS, width);
                bias = layers.weight(
                        "torch.cat([self.attn.q_bias, torch.zeros_like(self.attn.q_bias), self.attn.v_bias])");
            }
            block.child("attn", attention);
            Layers.place(block, "attn.qkv", new ProgramModule("Linear").parameter("weight", SMALL, products, width));
            return "torch.linear(" + x + ", " + layers.weight("self.attn.qkv.weight") + ", " + bias + ")";
        }

        private Tensor evaBias(Function<String, Tensor> named) {
            float[] bias = new float[3 * width];
            if (attentionBias) {
                System.arraycopy(named.apply("attn.q_bias").toFloats(), 0, bias, 0, width);
                System.arraycopy(named.apply("attn.v_bias").toFloats(), 0, bias, 2 * width, width);
            }
            return Tensor.of(bias, bias.length);
        }

        /** x plus the branch y behind its last linear layer and its learned scale. */
        private String branch(ProgramModule block, String linear, int in, int number) {
            String scale = eva ? "gamma_" + number : "ls" + number + ".gamma";
            if (layers.isFused()) {
                return layers.fusedLinearScaledAdd(block, linear, in, width, layerScale > 0 ? scale : "", "y", "x");
            }
            String y = layers.linear(block, linear, in, width, SMALL, Activation.NONE, "y");
            if (layerScale == 0) {
                return "x + " + y;
            }
            if (!eva) {
                block.child(
                        "ls" + number,
                        new ProgramModule("LayerScale").parameter("gamma", Initial.constant(layerScale), width));
            }
            return "x + " + y + " * " + layers.weight("self." + scale);
        }

        /** Pairs (i, i + head/2) of each patch's numbers are rotated; the prefix tokens stay. */
        private void turned(ProgramModule block, int head) {
            int half = head / 2;
            block.method(
                    "turned(x: Tensor, sine: Tensor, cosine: Tensor) -> Tensor",
                    "prefix = torch.slice(x, 2, 0, " + prefixTokens() + ", 1)",
                    "x = torch.slice(x, 2, " + prefixTokens() + ", torch.size(x, 2), 1)",
                    "first = torch.slice(x, 3, 0, " + half + ", 1)",
                    "second = torch.slice(x, 3, " + half + ", " + head + ", 1)",
                    "return torch.cat([prefix, x * cosine + torch.cat([-second, first], 3) * sine], 2)");
        }
    }
}
