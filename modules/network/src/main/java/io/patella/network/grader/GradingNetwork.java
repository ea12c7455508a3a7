package io.patella.network.grader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.network.architecture.Layers;
import io.patella.network.program.ProgramModule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle grades with: one grader, or several as one. Both write a program with {@code forward}, {@code answers}, {@code joined},
 * {@code logits_of} and {@code gradcam} as {@link Grader} says, so that who grades need not ask which it is.
 */
public sealed interface GradingNetwork permits Grader, Ensemble {
    /** What it is called. */
    String name();

    /** The views that it wants, in the order of its arguments: {@code global}, {@code left}, {@code right}. */
    List<String> views();

    /** The views whose streams end in a map, which Grad-CAM can show. */
    List<String> mappedViews();

    /** Length of the joined vector. */
    int features();

    /** What it answers, in the order of its answers. */
    List<Head> heads();

    /** The head whose class Grad-CAM explains and whose probabilities are the distribution: label distribution, else classes. */
    default @Nullable Head classHead() {
        return heads().contains(Head.DISTRIBUTION)
                ? Head.DISTRIBUTION
                : heads().contains(Head.CLASSES) ? Head.CLASSES : null;
    }

    /** The grades it tells apart. */
    Scale scale();

    /** The program, its tensors declared and not yet filled. Fused layers give inference only, no Grad-CAM. */
    ProgramModule program(Layers layers);

    /** As it stands in a bundle. */
    ObjectNode json();

    /**
     * Reads {@link #json}.
     *
     * @param where the file, for messages
     */
    static GradingNetwork parse(JsonNode node, String where) {
        return node.has(Ensemble.MEMBERS) ? Ensemble.parse(node, where) : Grader.parse(node, where);
    }
}
