package io.patella.network.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import org.junit.jupiter.api.Test;

class TimmArgumentsTest {
    private static final String VIT = "timm.models.vision_transformer.VisionTransformer";
    private static final String EVA = "timm.models.eva.Eva";
    private static final String NFNET = "timm.models.nfnet.NormFreeNet";

    @Test
    void everyArgumentThatIsNotSupportedIsNamed() {
        assertThatThrownBy(() -> Architectures.fromTimm(VIT, json("{\"qk_norm\": true, \"n_layers\": 3}")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("qk_norm=true")
                .hasMessageContaining("n_layers=3");
        assertThatThrownBy(() -> Architectures.fromTimm(VIT, json("{\"embed_dim\": 30, \"num_heads\": 4}")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("num_heads=4");
        assertThatThrownBy(() -> Architectures.fromTimm(VIT, json("{\"norm_layer\": \"RmsNorm\"}")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("norm_layer");
    }

    @Test
    void argumentsThatChangeNothingInEvaluationAreTaken() throws JsonProcessingException {
        assertThat(Architectures.fromTimm(
                                VIT,
                                json(
                                        "{\"depth\": 1, \"drop_path_rate\": 0.1, \"num_classes\": 0, \"init_values\": null}"))
                        .network(Layers.plain())
                        .tensors())
                .hasSize(18)
                .doesNotContainKey("head.weight");
    }

    @Test
    void timmsDefaultsThatDifferFromWhatWeHaveAreRefused() {
        assertThatThrownBy(() -> Architectures.fromTimm(NFNET, json("{\"cfg\": {\"depths\": [1], \"channels\": [8]}}")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("stem_type");
        assertThatThrownBy(() -> Architectures.fromTimm(EVA, json("{\"use_rot_pos_emb\": true}")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("use_abs_pos_emb");
        assertThatThrownBy(() -> Architectures.fromTimm(
                        EVA, json("{\"use_rot_pos_emb\": true, \"use_abs_pos_emb\": false, \"rope_type\": \"mixed\"}")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("rope_type=\"mixed\"");
    }

    @Test
    void anUnknownNameOrClassIsAnsweredWithAKnownOne() {
        assertThatThrownBy(() -> Architectures.byName("vit_base_patch14_dino2"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("vit_base_patch14_dinov2");
        assertThatThrownBy(() -> Architectures.fromTimm("timm.models.beit.Beit", json("{}")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("timm.models.beit.Beit");
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text);
    }
}
