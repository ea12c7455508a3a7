package io.patella.network.grader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.InputException;
import io.patella.network.architecture.Architecture;
import io.patella.network.architecture.Layers;
import io.patella.network.program.Initial;
import io.patella.network.program.ProgramModule;
import io.patella.network.program.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A grader: a backbone on the whole knee, one encoder shared by its two halves, or both; pooled, joined, with heads. KL-FuseNet
 * (Alkhatatbeh et al., section 2.3) and the graders that it is compared with are configurations of these parts.
 *
 * <p>Its program has, for the views V of {@link #views()} as [N,3,H,W] each:
 *
 * <ul>
 *   <li>{@code forward(global, left, right)} (those there are): a tuple of the heads' logits, or one tensor for one head;
 *   <li>{@code answers(views: List[Tensor]) -> List[Tensor]}: the same as a list, in the order of {@link #heads()};
 *   <li>{@code logits(whole, left, right)} and {@code probabilities(whole, left, right)}: a tuple of ordinal, distribution (of the class
 *       head where there is none) and binary, [N,0] for a head that is not there; views that the grader does not want are not looked at;
 *   <li>{@code joined(whole, left, right)}: the streams' pooled features one after the other, [N,{@link #features()}] float32, before
 *       dropout; {@code logits_of(joined)} and {@code probabilities_of(joined)} go on from there;
 *   <li>{@code intermediate(views) -> Dict[str, Tensor]}: {@code features_V}, {@code gem_V} or {@code pooled_V}, {@code concatenated},
 *       {@code fused}, and the logits by head;
 *   <li>{@code gradcam(views, classes: Tensor) -> Dict[str, Tensor]}: see {@link GradCam};
 *   <li>{@code buffers() -> Dict[str, Tensor]}: running statistics and BatchNorm's counters.
 * </ul>
 *
 * @param name what it is called
 * @param global backbone on the whole knee; null for none
 * @param patches encoder of both halves; null for none
 * @param pooling how maps become vectors
 * @param joint what happens to the joined vector before the heads
 * @param hidden widths of dense ReLU layers between the joined vector and the heads; mostly none
 * @param dropout share of the joined vector (and of hidden layers) that training drops
 * @param heads what it answers
 * @param scale the grades it tells apart
 * @param trainable which parts training moves
 */
public record Grader(
        String name,
        @Nullable Backbone global,
        @Nullable Backbone patches,
        Pooling pooling,
        Joint joint,
        List<Integer> hidden,
        double dropout,
        List<Head> heads,
        Scale scale,
        Trainable trainable)
        implements GradingNetwork {

    /** How the features of a stream become a vector. Tokens are always pooled by their own network. */
    public enum Pooling {
        /** Generalised mean with a learnable exponent for each stream. */
        GEM,
        /** Generalised mean with one exponent for both halves. */
        GEM_SHARED_BY_PATCHES,
        /** Mean over the map. */
        MEAN
    }

    /** What happens to the joined vector after dropout. */
    public enum Joint {
        /** Divided by its length. */
        L2,
        /** Layer norm with weights of its own. */
        LAYER_NORM,
        /** Nothing. */
        NONE
    }

    /** Which parts training moves. */
    public enum Trainable {
        /** Everything. */
        ALL,
        /** Heads and poolings only: backbones stay as they are and run without gradients. */
        HEADS
    }

    /** The paper: p starts at 3, eps 1e-6. */
    private static final double GEM_START = 3;

    /** Checks that there is a stream and a head. */
    public Grader {
        hidden = List.copyOf(hidden);
        heads = List.copyOf(heads);
        if (global == null && patches == null) {
            throw new InputException(name, "grader has no stream", "", "give global, patches or both");
        }
        if (heads.isEmpty() || heads.stream().distinct().count() != heads.size()) {
            throw new InputException(
                    name, "grader needs heads, each once", heads, "ordinal, distribution, binary, classes");
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new InputException(name, "dropout must be in [0, 1)", dropout, "0.1 in the paper");
        }
    }

    @Override
    public List<String> views() {
        List<String> views = new ArrayList<>();
        if (global != null) {
            views.add("global");
        }
        if (patches != null) {
            views.add("left");
            views.add("right");
        }
        return views;
    }

    @Override
    public List<String> mappedViews() {
        return views().stream()
                .filter(view -> architecture(view).shape() == Architecture.Shape.MAP)
                .toList();
    }

    @Override
    public int features() {
        return views().stream().mapToInt(view -> architecture(view).features()).sum();
    }

    /** Whether a parameter belongs to the backbones' group of the optimiser; all others are the heads'. */
    public static boolean isBackbone(String parameter) {
        return parameter.startsWith("global_backbone.") || parameter.startsWith("patch_backbone.");
    }

    /** The same with other backbones. */
    public Grader with(@Nullable Backbone otherGlobal, @Nullable Backbone otherPatches) {
        return new Grader(name, otherGlobal, otherPatches, pooling, joint, hidden, dropout, heads, scale, trainable);
    }

    /** The same with another dropout. */
    public Grader withDropout(double share) {
        return new Grader(name, global, patches, pooling, joint, hidden, share, heads, scale, trainable);
    }

    /** The same with another pooling. */
    public Grader with(Pooling other) {
        return new Grader(name, global, patches, other, joint, hidden, dropout, heads, scale, trainable);
    }

    /** The same under another name. */
    public Grader named(String other) {
        return new Grader(other, global, patches, pooling, joint, hidden, dropout, heads, scale, trainable);
    }

    Architecture architecture(String view) {
        Backbone backbone = view.equals("global") ? global : patches;
        if (backbone == null) {
            throw new IllegalArgumentException(name + " has no view " + view);
        }
        return backbone.architecture();
    }

    private static String stream(String view) {
        return view.equals("global") ? "global_backbone" : "patch_backbone";
    }

    private String gem(String view) {
        return pooling == Pooling.GEM_SHARED_BY_PATCHES && !view.equals("global") ? "gem_patch" : "gem_" + view;
    }

    @Override
    public ProgramModule program(Layers layers) {
        ProgramModule module = new ProgramModule("Grader");
        if (global != null) {
            module.child("global_backbone", global.architecture().trunk(layers));
        }
        if (patches != null) {
            module.child("patch_backbone", patches.architecture().trunk(layers));
        }
        for (String view : views()) {
            boolean map = architecture(view).shape() == Architecture.Shape.MAP;
            if (map && pooling != Pooling.MEAN && !module.children().containsKey(gem(view))) {
                module.child(gem(view), new ProgramModule("GeM").parameter("p", Initial.constant(GEM_START), 1));
            }
        }
        Layers dense = Layers.plain();
        int width = features();
        if (joint == Joint.LAYER_NORM) {
            module.child("joint_norm", dense.layerNorm(width, 1e-6));
        }
        for (int i = 0; i < hidden.size(); i++) {
            module.child("hidden_" + i, dense.linear(width, hidden.get(i), uniform(width)));
            width = hidden.get(i);
        }
        for (Head head : heads) {
            module.child("head_" + head.word(), dense.linear(width, head.outputs(scale), uniform(width)));
        }
        poolMethods(module);
        featureMethods(module);
        headMethods(module);
        joinedMethods(module);
        AnswerMethods.addTo(module, this);
        intermediate(module);
        if (layers.isFused()) {
            return layers.packing(module);
        }
        GradCam.addTo(module, this);
        bufferMethod(module);
        return module;
    }

    /** torch.nn.Linear's start. */
    private static Initial uniform(int fanIn) {
        return Initial.uniform(1 / Math.sqrt(fanIn));
    }

    /** {@code gem(x [N,C,h,w], p [1]) -> [N,C]}: mean of max(x, 1e-6)^p over the map, to the power 1/p; in float32. */
    private static void poolMethods(ProgramModule module) {
        module.method(
                "gem(x: Tensor, p: Tensor) -> Tensor",
                "x = torch.clamp(torch.to(x, 6), 1e-06)",
                "return torch.pow(torch.mean(torch.pow(x, p), [2, 3]), 1. / p)");
    }

    /** {@code features_V(x) -> [N,C,h,w]} or tokens, {@code pool_V(features) -> [N,C]}. */
    private void featureMethods(ProgramModule module) {
        for (String view : views()) {
            String stream = "self." + stream(view);
            List<String> lines = new ArrayList<>();
            if (trainable == Trainable.HEADS) {
                lines.add("on = torch.is_grad_enabled()");
                lines.add("torch.set_grad_enabled(False)");
                lines.add("x = " + stream + ".forward_features(x)");
                lines.add("torch.set_grad_enabled(on)");
                lines.add("return x");
            } else {
                lines.add("return " + stream + ".forward_features(x)");
            }
            module.method("features_" + view + "(x: Tensor) -> Tensor", lines.toArray(new String[0]));
            String pooled = switch (architecture(view).shape()) {
                case TOKENS -> "torch.to(" + stream + ".pooled(features), 6)";
                case MAP ->
                    pooling == Pooling.MEAN
                            ? "torch.mean(torch.to(features, 6), [2, 3])"
                            : "self.gem(features, self." + gem(view) + ".p)";
            };
            module.method("pool_" + view + "(features: Tensor) -> Tensor", "return " + pooled);
        }
    }

    /** {@code fuse(z [N,features]) -> z}, {@code heads(z) -> List[Tensor]}. */
    private void headMethods(ProgramModule module) {
        List<String> fuse = new ArrayList<>();
        fuse.add("z = torch.dropout(z, " + Layers.number(dropout) + ", self.training)");
        switch (joint) {
            case L2 -> fuse.add("z = z / torch.clamp_min(torch.norm(z, 2, [1], True), 1e-12)");
            case LAYER_NORM -> fuse.add("z = self.joint_norm.forward(z)");
            case NONE -> {}
        }
        fuse.add("return z");
        module.method("fuse(z: Tensor) -> Tensor", fuse.toArray(new String[0]));
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < hidden.size(); i++) {
            lines.add("z = torch.relu(self.hidden_" + i + ".forward(z))");
            lines.add("z = torch.dropout(z, " + Layers.number(dropout) + ", self.training)");
        }
        lines.add("return ["
                + String.join(
                        ", ",
                        heads.stream()
                                .map(head -> "self.head_" + head.word() + ".forward(z)")
                                .toList())
                + "]");
        module.method("heads(z: Tensor) -> List[Tensor]", lines.toArray(new String[0]));
    }

    private void joinedMethods(ProgramModule module) {
        List<String> views = views();
        List<String> pooled = new ArrayList<>();
        for (int i = 0; i < views.size(); i++) {
            pooled.add("self.pool_" + views.get(i) + "(self.features_" + views.get(i) + "(views[" + i + "]))");
        }
        module.method(
                        "joined_views(views: List[Tensor]) -> Tensor",
                        "return torch.cat([" + String.join(", ", pooled) + "], 1)") // [N,features]
                .method("answers_of(joined: Tensor) -> List[Tensor]", "return self.heads(self.fuse(joined))");
    }

    private void intermediate(ProgramModule module) {
        List<String> lines = new ArrayList<>();
        lines.add("out = annotate(Dict[str, Tensor], {})");
        List<String> pooled = new ArrayList<>();
        List<String> views = views();
        for (int i = 0; i < views.size(); i++) {
            String view = views.get(i);
            boolean gem = pooling != Pooling.MEAN && architecture(view).shape() == Architecture.Shape.MAP;
            String key = (gem ? "gem_" : "pooled_") + view;
            lines.add("f_" + view + " = self.features_" + view + "(views[" + i + "])");
            lines.add("z_" + view + " = self.pool_" + view + "(f_" + view + ")");
            lines.add("out[\"features_" + view + "\"] = f_" + view);
            lines.add("out[\"" + key + "\"] = z_" + view);
            pooled.add("z_" + view);
        }
        lines.add("z = torch.cat([" + String.join(", ", pooled) + "], 1)");
        lines.add("out[\"concatenated\"] = z");
        lines.add("z = self.fuse(z)");
        lines.add("out[\"fused\"] = z");
        lines.add("y = self.heads(z)");
        for (int i = 0; i < heads.size(); i++) {
            lines.add("out[\"" + heads.get(i).word() + "\"] = y[" + i + "]");
        }
        lines.add("return out");
        module.method("intermediate(views: List[Tensor]) -> Dict[str, Tensor]", lines.toArray(new String[0]));
    }

    /** Running statistics and counters, which engines do not list among the parameters. */
    private static void bufferMethod(ProgramModule module) {
        List<String> lines = new ArrayList<>();
        lines.add("out = annotate(Dict[str, Tensor], {})");
        module.tensors().forEach((name, slot) -> {
            if (slot.kind() != Slot.Kind.PARAMETER) {
                lines.add("out[\"" + name + "\"] = " + ProgramModule.access(name));
            }
        });
        lines.add("return out");
        module.method("buffers() -> Dict[str, Tensor]", lines.toArray(new String[0]));
    }

    @Override
    public ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", name);
        node.set("global", global == null ? null : global.json());
        node.set("patches", patches == null ? null : patches.json());
        node.put("pooling", word(pooling));
        node.put("joint", word(joint));
        ArrayNode widths = node.putArray("hidden");
        hidden.forEach(widths::add);
        node.put("dropout", dropout);
        ArrayNode words = node.putArray("heads");
        heads.forEach(head -> words.add(head.word()));
        ArrayNode grades = node.putArray("grades");
        scale.grades().forEach(grades::add);
        node.put("trainable", word(trainable));
        return node;
    }

    /**
     * Reads {@link #json}.
     *
     * @param where the file, for messages
     */
    public static Grader parse(JsonNode node, String where) {
        if (node.has(Ensemble.MEMBERS)) {
            throw new InputException(
                    where, "is an ensemble", node.path("name").asText(), "take its members one by one, then join them");
        }
        List<String> known = List.of(
                "name", "global", "patches", "pooling", "joint", "hidden", "dropout", "heads", "grades", "trainable");
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String key = names.next();
            if (!known.contains(key)) {
                throw new InputException(where, "unknown key of a grader", key, "one of " + known);
            }
        }
        List<Head> heads = new ArrayList<>();
        node.path("heads").forEach(word -> heads.add(constant(Head.class, word.asText(), where)));
        List<Integer> grades = new ArrayList<>();
        node.path("grades").forEach(grade -> grades.add(grade.asInt()));
        Scale scale = Arrays.stream(Scale.values())
                .filter(each -> each.grades().equals(grades))
                .findFirst()
                .orElseThrow(() -> new InputException(where, "unknown grades", grades, "[0,1,2,3,4] or [0,2,3,4]"));
        List<Integer> hidden = new ArrayList<>();
        node.path("hidden").forEach(width -> hidden.add(width.asInt()));
        return new Grader(
                node.path("name").asText(where),
                backbone(node.path("global")),
                backbone(node.path("patches")),
                constant(Pooling.class, node.path("pooling").asText("gem"), where),
                constant(Joint.class, node.path("joint").asText("l2"), where),
                hidden,
                node.path("dropout").asDouble(0.1),
                heads,
                scale,
                constant(Trainable.class, node.path("trainable").asText("all"), where));
    }

    private static @Nullable Backbone backbone(JsonNode node) {
        return node.isMissingNode() || node.isNull() ? null : new Backbone(node);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String word, String where) {
        for (E each : type.getEnumConstants()) {
            if (word(each).equals(word)) {
                return each;
            }
        }
        throw new InputException(
                where,
                "unknown " + type.getSimpleName().toLowerCase(Locale.ROOT),
                word,
                "one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Grader::word)
                                .toList());
    }
}
