package io.patella.network.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.cohort.InputException;
import io.patella.network.architecture.ConvNeXt.Mlp;
import io.patella.network.architecture.InvertedResiduals.Padding;
import io.patella.network.architecture.ResNet.Block;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The backbones by timm's names. */
public final class Architectures {
    private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
    private static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);
    private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);
    private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    private static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);

    /**
     * A backbone and the pictures that its published weights were trained on.
     *
     * @param architecture the network
     * @param size height and width of the pictures
     * @param mean of each channel of a picture in [0, 1]
     * @param std of each channel
     * @param licence of the published weights; "-" where none are published
     */
    public record Named(Architecture architecture, int size, List<Double> mean, List<Double> std, String licence) {
        /** Copies the lists. */
        public Named {
            mean = List.copyOf(mean);
            std = List.copyOf(std);
        }
    }

    private static final String APACHE = "Apache-2.0";

    private static final Map<String, Named> BY_NAME = new LinkedHashMap<>();

    static {
        imagenet("convnext_atto", ConvNeXt.v1(List.of(2, 2, 6, 2), List.of(40, 80, 160, 320), Mlp.CONVOLUTION));
        imagenet("convnext_femto", ConvNeXt.v1(List.of(2, 2, 6, 2), List.of(48, 96, 192, 384), Mlp.CONVOLUTION));
        imagenet("convnext_pico", ConvNeXt.v1(List.of(2, 2, 6, 2), List.of(64, 128, 256, 512), Mlp.CONVOLUTION));
        imagenet("convnext_nano", ConvNeXt.v1(List.of(2, 2, 8, 2), List.of(80, 160, 320, 640), Mlp.CONVOLUTION));
        imagenet("convnext_tiny", ConvNeXt.v1(List.of(3, 3, 9, 3), List.of(96, 192, 384, 768), Mlp.LINEAR));
        imagenet("convnext_small", ConvNeXt.v1(List.of(3, 3, 27, 3), List.of(96, 192, 384, 768), Mlp.LINEAR));
        imagenet("convnext_base", ConvNeXt.v1(List.of(3, 3, 27, 3), List.of(128, 256, 512, 1024), Mlp.LINEAR));
        imagenet("convnextv2_atto", ConvNeXt.v2(List.of(2, 2, 6, 2), List.of(40, 80, 160, 320)));
        imagenet("convnextv2_femto", ConvNeXt.v2(List.of(2, 2, 6, 2), List.of(48, 96, 192, 384)));
        imagenet("convnextv2_pico", ConvNeXt.v2(List.of(2, 2, 6, 2), List.of(64, 128, 256, 512)));
        imagenet("convnextv2_nano", ConvNeXt.v2(List.of(2, 2, 8, 2), List.of(80, 160, 320, 640)));
        imagenet("convnextv2_tiny", ConvNeXt.v2(List.of(3, 3, 9, 3), List.of(96, 192, 384, 768)));
        imagenet("convnextv2_base", ConvNeXt.v2(List.of(3, 3, 27, 3), List.of(128, 256, 512, 1024)));
        imagenet("resnet18", ResNet.of(Block.BASIC, 2, 2, 2, 2));
        imagenet("resnet34", ResNet.of(Block.BASIC, 3, 4, 6, 3));
        imagenet("resnet50", ResNet.of(Block.BOTTLENECK, 3, 4, 6, 3));
        imagenet("mobilenetv2_100", InvertedResiduals.mobileNetV2());
        imagenet("efficientnet_b0", InvertedResiduals.efficientNetB0(Padding.SYMMETRIC, 1e-5));
        imagenet("tf_efficientnet_b0", InvertedResiduals.efficientNetB0(Padding.TENSORFLOW, 1e-3));
        lite(0, 1.0, 1.0, 224);
        lite(1, 1.0, 1.1, 240);
        lite(2, 1.1, 1.2, 260);
        lite(3, 1.2, 1.4, 300);
        lite(4, 1.4, 1.8, 380);
        int[] pixels = {192, 224, 256, 320, 384, 416, 448};
        for (int n = 0; n < pixels.length; n++) {
            BY_NAME.put("dm_nfnet_f" + n, new Named(NfNet.deepMind(n), pixels[n], IMAGENET_MEAN, IMAGENET_STD, APACHE));
        }
        BY_NAME.put("vit_base_patch16_224", new Named(VisionTransformer.base16(1000), 224, HALF, HALF, APACHE));
        BY_NAME.put(
                "biomedclip_vit_base_patch16_224", new Named(ImageTower.biomedClip(), 224, CLIP_MEAN, CLIP_STD, "MIT"));
        dino("small", VisionTransformer.Size.SMALL);
        dino("base", VisionTransformer.Size.BASE);
        dino("large", VisionTransformer.Size.LARGE);
    }

    private Architectures() {}

    /** The families that {@link #fromTimm} knows, by the class that timm has for each. */
    private static Architecture family(String madeBy, TimmArguments arguments) {
        return switch (madeBy) {
            case "timm.models.convnext.ConvNeXt" -> ConvNeXt.fromTimm(arguments);
            case "timm.models.resnet.ResNet" -> ResNet.fromTimm(arguments);
            case "timm.models.efficientnet.EfficientNet" -> InvertedResiduals.fromTimm(arguments);
            case "timm.models.nfnet.NormFreeNet" -> NfNet.fromTimm(arguments);
            case "timm.models.vision_transformer.VisionTransformer" -> VisionTransformer.fromTimm(arguments);
            case "timm.models.eva.Eva" -> VisionTransformer.fromTimmEva(arguments);
            case "VisionTransformer trunk + head.proj" -> ImageTower.fromTimm(arguments);
            default ->
                throw new InputException(
                        "made_by", "unknown network class", madeBy, "see docs/networks.md for the known");
        };
    }

    /**
     * A backbone by timm's name.
     *
     * @throws InputException for an unknown name, with the nearest known one
     */
    public static Named byName(String name) {
        Named named = BY_NAME.get(name);
        if (named == null) {
            String nearest = BY_NAME.keySet().stream()
                    .min(Comparator.comparingInt(known -> distance(known, name)))
                    .orElseThrow();
            throw new InputException("arch", "unknown architecture", name, "did you mean " + nearest + "?");
        }
        return named;
    }

    /** All names. */
    public static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    /**
     * A backbone from the arguments of timm's constructor.
     *
     * @param madeBy timm's class: {@code timm.models.resnet.ResNet}
     * @param arguments its keyword arguments
     * @throws InputException naming every argument that is not supported
     */
    public static Architecture fromTimm(String madeBy, JsonNode arguments) {
        return family(madeBy, new TimmArguments(madeBy, arguments));
    }

    private static void imagenet(String name, Architecture architecture) {
        String licence = name.startsWith("convnextv2") ? "CC-BY-NC-4.0" : APACHE;
        BY_NAME.put(name, new Named(architecture, 224, IMAGENET_MEAN, IMAGENET_STD, licence));
    }

    private static void dino(String name, VisionTransformer.Size size) {
        for (int registers : new int[] {0, 4}) {
            BY_NAME.put(
                    "vit_" + name + "_patch14_" + (registers > 0 ? "reg4_" : "") + "dinov2",
                    new Named(VisionTransformer.dinoV2(size, registers), 518, IMAGENET_MEAN, IMAGENET_STD, APACHE));
        }
        BY_NAME.put(
                "vit_" + name + "_patch16_dinov3",
                new Named(VisionTransformer.dinoV3(size), 256, IMAGENET_MEAN, IMAGENET_STD, "DINOv3 licence"));
    }

    private static void lite(int number, double width, double depth, int size) {
        BY_NAME.put(
                "efficientnet_lite" + number,
                new Named(
                        InvertedResiduals.efficientNetLite(width, depth, Padding.SYMMETRIC, 1e-5),
                        size,
                        IMAGENET_MEAN,
                        IMAGENET_STD,
                        number == 0 ? APACHE : "-"));
        BY_NAME.put(
                "tf_efficientnet_lite" + number,
                new Named(
                        InvertedResiduals.efficientNetLite(width, depth, Padding.TENSORFLOW, 1e-3),
                        size,
                        HALF,
                        HALF,
                        APACHE));
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = corner + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
                corner = above;
            }
        }
        return row[b.length()];
    }
}
