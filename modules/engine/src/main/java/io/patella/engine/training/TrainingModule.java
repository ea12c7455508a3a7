package io.patella.engine.training;

import io.patella.network.preparation.AugmentationModule;
import io.patella.network.preparation.Preparation;
import io.patella.network.preparation.PreparationModule;
import io.patella.network.program.ProgramModule;
import java.util.ArrayList;
import java.util.List;

/**
 * A grader's training program between its preparation and what a run asks: squares and draws in, so that augmentation, views, forward
 * pass, losses, gradients, AdamW and moving average are one native call.
 */
final class TrainingModule {
    /** The child that is the grader; its parameters' names begin with it. */
    static final String NETWORK = "network";

    private static final String PICTURES = "pixels: Tensor, reals: Tensor, wholes: Tensor, grades: Tensor";
    private static final String STATE =
            "p: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor], e: List[Tensor],"
                    + " s: List[Tensor], es: List[Tensor], n: int, settings: List[float]";
    private static final String GIVEN = "p, m, v, t, e, s, es, n, settings";

    private TrainingModule() {}

    /**
     * The program.
     *
     * @param network as {@link io.patella.network.training.TrainingProgram} makes it, filled
     * @param frozen beginnings of the names of what keeps weights and statistics
     */
    static ProgramModule of(ProgramModule network, Preparation preparation, List<String> frozen) {
        List<String> hold = new ArrayList<>();
        frozenModules(network, "", frozen, hold);
        hold.add("return " + hold.size());
        return new ProgramModule("Training")
                .child(NETWORK, network)
                .child("preparation", PreparationModule.of(preparation))
                .child("augmentation", AugmentationModule.of(preparation.interpolation()))
                .method("statistics() -> Dict[str, Tensor]", "return self.network.buffers()")
                .method( // no graph is kept, and no gradient computed, of what leads to these alone
                        "freeze(kept: List[Tensor]) -> int",
                        "for each in kept:",
                        "  fixed = each.requires_grad_(False)",
                        "return len(kept)")
                .method("hold() -> int", hold.toArray(String[]::new)) // BatchNorm of what is frozen stays in evaluation
                .method(
                        "squares(pixels: Tensor) -> Tensor",
                        "return torch.div(torch.to(torch.unsqueeze(pixels, 1), 6), 255.)")
                .method(
                        "augmented(pixels: Tensor, reals: Tensor, wholes: Tensor) -> Tuple[Tensor, Tensor, Tensor]",
                        "torch.set_grad_enabled(False)",
                        "return self.preparation.cut(self.augmentation.augment(self.squares(pixels), reals, wholes))")
                .method( // the seed is of what dropout drops
                        "step(" + PICTURES + ", " + STATE + ", seed: int) -> Tensor",
                        "whole, left, right = self.augmented(pixels, reals, wholes)",
                        "torch.manual_seed(seed)",
                        "return self.network.train_step(whole, left, right, grades, " + GIVEN + ")")
                .method(
                        "accumulate(" + PICTURES
                                + ", p: List[Tensor], sum: List[Tensor], scale: float, seed: int) -> Tensor",
                        "whole, left, right = self.augmented(pixels, reals, wholes)",
                        "torch.manual_seed(seed)",
                        "return self.network.accumulate(whole, left, right, grades, p, sum, scale)")
                .method(
                        "update(sum: List[Tensor], " + STATE + ") -> Tensor",
                        "return self.network.update_accumulated(sum, " + GIVEN + ")")
                .method(
                        "exchange(a: List[Tensor], b: List[Tensor]) -> int",
                        "torch.set_grad_enabled(False)",
                        "for i in range(len(a)):",
                        "  c = torch.clone(a[i])",
                        "  a[i].copy_(b[i])",
                        "  b[i].copy_(c)",
                        "return len(a)")
                .method( // keeps the memory layout of what is written, so that lists and modules go on seeing it
                        "assign(a: List[Tensor], b: List[Tensor]) -> int",
                        "torch.set_grad_enabled(False)",
                        "for i in range(len(a)):",
                        "  a[i].copy_(b[i])",
                        "return len(a)")
                .method(
                        "answers(pixels: Tensor, grades: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]",
                        "whole, left, right = self.preparation.cut(self.squares(pixels))",
                        "return self.network.evaluate(whole, left, right, grades)")
                .method(
                        "graded(pixels: Tensor) -> Tuple[Tensor, Tensor, Tensor]",
                        "whole, left, right = self.preparation.cut(self.preparation.views(self.squares(pixels)))",
                        "o, d, b = self.network.logits_of(self.network.joined(whole, left, right))",
                        "return self.preparation.averaged(o, d, b)");
    }

    private static void frozenModules(ProgramModule module, String path, List<String> frozen, List<String> lines) {
        module.children().forEach((name, child) -> {
            String below = path.isEmpty() ? name : path + "." + name;
            if (isFrozen(below, frozen)) {
                lines.add(ProgramModule.access(NETWORK + "." + below) + ".training = False");
            }
            frozenModules(child, below, frozen, lines);
        });
    }

    /** Whether a tensor or module of this name is one of these or below one. */
    static boolean isFrozen(String name, List<String> frozen) {
        return frozen.stream().anyMatch(each -> name.equals(each) || name.startsWith(each + "."));
    }
}
