package io.patella.network.architecture;

import io.patella.network.weights.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Torchvision's names of MobileNetV2's tensors as timm's; the two networks are the same. */
public final class TorchvisionNames {
    private static final List<Integer> BLOCKS_OF_STAGE = List.of(1, 2, 3, 4, 3, 3, 1);
    private static final Map<String, String> FIRST_BLOCK =
            Map.of("conv.0.0", "conv_dw", "conv.0.1", "bn1", "conv.1", "conv_pw", "conv.2", "bn2");
    private static final Map<String, String> OTHER_BLOCKS = Map.of(
            "conv.0.0",
            "conv_pw",
            "conv.0.1",
            "bn1",
            "conv.1.0",
            "conv_dw",
            "conv.1.1",
            "bn2",
            "conv.2",
            "conv_pwl",
            "conv.3",
            "bn3");

    private TorchvisionNames() {}

    /** The same tensors under timm's names; unchanged when they are not torchvision's MobileNetV2. */
    public static Map<String, Tensor> toTimm(Map<String, Tensor> tensors) {
        if (!tensors.containsKey("features.18.0.weight") || !tensors.containsKey("features.1.conv.0.0.weight")) {
            return tensors;
        }
        Map<String, String> prefixes = new LinkedHashMap<>();
        prefixes.put("features.0.0", "conv_stem");
        prefixes.put("features.0.1", "bn1");
        int number = 1;
        for (int stage = 0; stage < BLOCKS_OF_STAGE.size(); stage++) {
            for (int i = 0; i < BLOCKS_OF_STAGE.get(stage); i++, number++) {
                String from = "features." + number + ".";
                String to = "blocks." + stage + "." + i + ".";
                (stage == 0 ? FIRST_BLOCK : OTHER_BLOCKS).forEach((a, b) -> prefixes.put(from + a, to + b));
            }
        }
        prefixes.put("features.18.0", "conv_head");
        prefixes.put("features.18.1", "bn2");
        prefixes.put("classifier.1", "classifier");
        Map<String, Tensor> renamed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            int dot = name.lastIndexOf('.');
            String prefix = dot < 0 ? null : prefixes.get(name.substring(0, dot));
            renamed.put(prefix == null ? name : prefix + name.substring(dot), tensor);
        });
        return renamed;
    }
}
