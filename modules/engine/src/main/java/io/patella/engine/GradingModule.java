package io.patella.engine;

import io.patella.network.architecture.Layers;
import io.patella.network.grader.GradingNetwork;
import io.patella.network.preparation.Preparation;
import io.patella.network.preparation.PreparationModule;
import io.patella.network.program.ProgramModule;

/** From 8-bit pictures to averaged probabilities as one program: preparation, test-time views, network, average. */
final class GradingModule {
    private GradingModule() {}

    /**
     * The program; its method {@code grade(groups)} takes deletterboxed pictures uint8 [n,H,W] grouped by size and gives ordinal,
     * distribution and binary probabilities [N,...] in the same order, and the joined vectors [N,F] of the first view, the picture itself;
     * {@code joined(groups)} gives these alone, without working on the other views.
     *
     * @param network the grader's program in some layers, filled
     */
    static ProgramModule of(ProgramModule network, Preparation preparation, Layers layers) {
        int views = preparation.views().count();
        ProgramModule module = new ProgramModule("Grading")
                .child("network", network)
                .child("preparation", PreparationModule.of(preparation))
                .method(
                        "first(x: Tensor) -> Tensor", // [N, K]: the picture as it is
                        "return torch.slice(x, 0, 0, torch.size(x, 0) // " + views + ", 1)")
                .method(
                        "grade(groups: List[Tensor]) -> Tuple[Tensor, Tensor, Tensor, Tensor]",
                        "whole, left, right = self.preparation.prepare(groups)",
                        "z = self.network.joined(whole, left, right)",
                        "o, d, b = self.network.logits_of(z)",
                        "o, d, b = self.preparation.averaged(o, d, b)",
                        "return (o, d, b, self.first(z))")
                .method(
                        "joined(groups: List[Tensor]) -> Tensor",
                        "whole, left, right = self.preparation.cut(self.preparation.all_squares(groups))",
                        "return self.network.joined(whole, left, right)");
        return layers.isFused() ? module.method("pack() -> int", "self.network.pack()", "return 0") : module;
    }

    /** The program for heatmaps: {@code heatmaps(groups, classes)} as {@code gradcam} of the grader, and the gray views it looked at. */
    static ProgramModule heatmaps(GradingNetwork grader, ProgramModule network, Preparation preparation) {
        StringBuilder views = new StringBuilder();
        StringBuilder pictures = new StringBuilder();
        for (String view : grader.views()) {
            String variable = view.equals("global") ? "whole" : view;
            views.append(views.isEmpty() ? "" : ", ").append(variable);
            pictures.append("out[\"picture/")
                    .append(view)
                    .append("\"] = self.gray(")
                    .append(variable)
                    .append(")\n");
        }
        return new ProgramModule("Heatmaps")
                .child("network", network)
                .child("preparation", PreparationModule.of(preparation.with(Preparation.Views.ONE)))
                .method(
                        "gray(x: Tensor) -> Tensor", // back from the first normalised channel to 8 bits
                        "y = torch.select(x * self.preparation.std + self.preparation.mean, 1, 0)",
                        "return torch.to(torch.clamp(torch.round(y * 255.), 0, 255), 0)")
                .method(
                        "heatmaps(groups: List[Tensor], classes: Tensor) -> Dict[str, Tensor]",
                        "torch.set_grad_enabled(False)",
                        "whole, left, right = self.preparation.prepare(groups)",
                        "out = self.network.gradcam([" + views + "], classes)",
                        pictures.toString(),
                        "return out");
    }
}
