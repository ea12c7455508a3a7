package io.patella.network.grader;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.cohort.InputException;
import io.patella.network.grader.Grader.Joint;
import io.patella.network.grader.Grader.Pooling;
import io.patella.network.grader.Grader.Trainable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The papers' graders by name. */
public final class Graders {
    private static final List<Head> MULTITASK = List.of(Head.ORDINAL, Head.DISTRIBUTION, Head.BINARY);
    private static final List<Head> FLAT = List.of(Head.CLASSES);
    private static final Map<String, Grader> BY_NAME = new LinkedHashMap<>();

    static {
        // Alkhatatbeh et al., section 2.3 and Table 2
        fused("kl-fusenet", "convnext_base", "resnet50", MULTITASK, Scale.FIVE);
        flat("flat5c-convnext", "convnext_base", Joint.LAYER_NORM);
        flat("flat5c-nfnetf4", "dm_nfnet_f4", Joint.NONE);
        fused("dualhead-4c", "convnext_base", "resnet50", List.of(Head.ORDINAL, Head.CLASSES), Scale.FOUR);
        // section 3.2, ablations
        fused("global-only", "convnext_base", null, MULTITASK, Scale.FIVE);
        fused("patches-only", null, "resnet50", MULTITASK, Scale.FIVE);
        // small enough for CPUs
        fused("kl-fusenet-mobilenetv2", "mobilenetv2_100", "mobilenetv2_100", MULTITASK, Scale.FIVE);
        fused("kl-fusenet-lite0", "tf_efficientnet_lite0", "tf_efficientnet_lite0", MULTITASK, Scale.FIVE);
        // Chavoshi et al.
        flat("chavoshi-convnext", "convnext_base", Joint.LAYER_NORM);
        flat("chavoshi-resnet18", "resnet18", Joint.NONE);
        frozen("embedding-mlp", "vit_base_patch16_224", List.of(512), Trainable.HEADS);
        // OrthoFoundation
        frozen("orthofoundation-probe", "vit_large_patch16_dinov3", List.of(), Trainable.HEADS);
        frozen("orthofoundation-finetune", "vit_large_patch16_dinov3", List.of(), Trainable.ALL);
    }

    private Graders() {}

    private static void fused(
            String name, @Nullable String global, @Nullable String patches, List<Head> heads, Scale scale) {
        BY_NAME.put(
                name,
                new Grader(
                        name,
                        global == null ? null : Backbone.named(global),
                        patches == null ? null : Backbone.named(patches),
                        Pooling.GEM,
                        Joint.L2,
                        List.of(),
                        0.1,
                        heads,
                        scale,
                        Trainable.ALL));
    }

    private static void flat(String name, String global, Joint joint) {
        BY_NAME.put(
                name,
                new Grader(
                        name,
                        Backbone.named(global),
                        null,
                        Pooling.MEAN,
                        joint,
                        List.of(),
                        0.1,
                        FLAT,
                        Scale.FIVE,
                        Trainable.ALL));
    }

    private static void frozen(String name, String global, List<Integer> hidden, Trainable trainable) {
        BY_NAME.put(
                name,
                new Grader(
                        name,
                        Backbone.named(global),
                        null,
                        Pooling.MEAN,
                        Joint.NONE,
                        hidden,
                        hidden.isEmpty() ? 0 : 0.1,
                        FLAT,
                        Scale.FIVE,
                        trainable));
    }

    /**
     * A grader by name.
     *
     * @throws InputException for an unknown name
     */
    public static Grader byName(String name) {
        Grader grader = BY_NAME.get(name);
        if (grader == null) {
            throw new InputException("grader", "unknown grader", name, "one of " + names());
        }
        return grader;
    }

    /** All names. */
    public static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    /** KL-FuseNet over the two backbones that {@code convnext} and {@code resnet} give the arguments of. */
    public static Grader fuseNet(JsonNode convnext, JsonNode resnet) {
        return byName("kl-fusenet")
                .with(
                        Backbone.of("timm.models.convnext.ConvNeXt", convnext),
                        Backbone.of("timm.models.resnet.ResNet", resnet));
    }
}
