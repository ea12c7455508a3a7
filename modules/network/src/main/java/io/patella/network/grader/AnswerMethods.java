package io.patella.network.grader;

import io.patella.network.program.ProgramModule;
import java.util.ArrayList;
import java.util.List;

/**
 * The methods by which a network answers, the same for one grader and for several: written on {@code joined_views(views) -> [N,F]} and
 * {@code answers_of(joined) -> List[Tensor]}, which the module has already.
 */
final class AnswerMethods {
    private AnswerMethods() {}

    static void addTo(ProgramModule module, GradingNetwork network) {
        module.method(
                "answers(views: List[Tensor]) -> List[Tensor]", "return self.answers_of(self.joined_views(views))");
        forward(module, network);
        List<Head> heads = network.heads();
        Head classHead = network.classHead();
        String nothing = "torch.slice(y[0], 1, 0, 0, 1)"; // [N,0]
        module.method(
                        "joined(whole: Tensor, left: Tensor, right: Tensor) -> Tensor",
                        "return self.joined_views(["
                                + String.join(", ", network.views()).replace("global", "whole") + "])")
                .method(
                        "logits_of(joined: Tensor) -> Tuple[Tensor, Tensor, Tensor]",
                        "return self.named(self.answers_of(joined))")
                .method(
                        "logits(whole: Tensor, left: Tensor, right: Tensor) -> Tuple[Tensor, Tensor, Tensor]",
                        "return self.logits_of(self.joined(whole, left, right))")
                .method(
                        "named(y: List[Tensor]) -> Tuple[Tensor, Tensor, Tensor]",
                        "return (" + answer(heads, Head.ORDINAL, nothing) + ", "
                                + (classHead == null ? nothing : answer(heads, classHead, nothing)) + ", "
                                + answer(heads, Head.BINARY, nothing) + ")")
                .method(
                        "probabilities_of(joined: Tensor) -> Tuple[Tensor, Tensor, Tensor]",
                        "ordinal, distribution, binary = self.logits_of(joined)",
                        "return (torch.sigmoid(ordinal), torch.softmax(distribution, 1), torch.sigmoid(binary))")
                .method(
                        "probabilities(whole: Tensor, left: Tensor, right: Tensor) -> Tuple[Tensor, Tensor, Tensor]",
                        "return self.probabilities_of(self.joined(whole, left, right))");
    }

    private static String answer(List<Head> heads, Head head, String nothing) {
        return heads.contains(head) ? "y[" + heads.indexOf(head) + "]" : nothing;
    }

    /** A tuple of the heads' logits, or one tensor for one head. */
    private static void forward(ProgramModule module, GradingNetwork network) {
        List<String> arguments = new ArrayList<>();
        List<String> given = new ArrayList<>();
        for (String view : network.views()) {
            arguments.add(view + "_view: Tensor");
            given.add(view + "_view");
        }
        List<String> types = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < network.heads().size(); i++) {
            types.add("Tensor");
            values.add("y[" + i + "]");
        }
        boolean one = types.size() == 1;
        module.method(
                "forward(" + String.join(", ", arguments) + ") -> "
                        + (one ? "Tensor" : "Tuple[" + String.join(", ", types) + "]"),
                "y = self.answers([" + String.join(", ", given) + "])",
                "return " + (one ? "y[0]" : "(" + String.join(", ", values) + ")"));
    }
}
