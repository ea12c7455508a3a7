package io.patella.network.grader;

import io.patella.network.program.ProgramModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Grad-CAM (Selvaraju et al. 2017; KL-FuseNet paper, section 2.8): which places of the last feature map of each stream speak for a
 * class of the label-distribution head (of the class head where there is none).
 *
 * <p>Method {@code gradcam(views, classes [N] int64)} of a program opened for gradients and in evaluation mode; a class below 0 means
 * the predicted one. For each view V with a map it returns {@code weights/V} [N,C], the mean gradient of the class's logit; {@code
 * raw/V} [N,h,w], the positive part of the weighted sum of the map's channels; {@code cam/V}, the same over its range (all 0 where it
 * is flat), and {@code upsampled/V} [N,H,W], bilinear, to the size of the view; and {@code classes} [N].
 */
final class GradCam {
    private GradCam() {}

    static void addTo(ProgramModule module, Grader grader) {
        Head head = grader.classHead();
        if (head == null || grader.mappedViews().isEmpty()) {
            return;
        }
        int at = grader.heads().indexOf(Objects.requireNonNull(head));
        List<String> lines = new ArrayList<>();
        lines.add("torch.set_grad_enabled(False)");
        List<String> views = grader.views();
        List<String> pooled = new ArrayList<>();
        for (int i = 0; i < views.size(); i++) {
            String view = views.get(i);
            lines.add("a_" + view + " = torch.detach(self.features_" + view + "(views[" + i + "]))");
            pooled.add("self.pool_" + view + "(a_" + view + ")");
        }
        List<String> mapped = grader.mappedViews();
        mapped.forEach(view -> lines.add("a_" + view + ".requires_grad_(True)"));
        lines.add("torch.set_grad_enabled(True)");
        lines.add("z = torch.cat([" + String.join(", ", pooled) + "], 1)");
        lines.add("y = self.heads(self.fuse(z))[" + at + "]");
        lines.add("chosen = torch.where(classes < 0, torch.argmax(y, 1), classes)");
        lines.add("score = torch.sum(torch.gather(y, 1, torch.unsqueeze(chosen, 1)))");
        lines.add("maps = ["
                + String.join(", ", mapped.stream().map(view -> "a_" + view).toList()) + "]");
        lines.add("gradients = torch.grad([score], maps)");
        lines.add("torch.set_grad_enabled(False)");
        lines.add("out = annotate(Dict[str, Tensor], {})");
        lines.add("out[\"classes\"] = chosen");
        for (int i = 0; i < mapped.size(); i++) {
            String view = mapped.get(i);
            int argument = views.indexOf(view);
            lines.add("w = torch.mean(unchecked_cast(Tensor, gradients[" + i + "]), [2, 3], True)"); // [N,C,1,1]
            lines.add("a = torch.detach(maps[" + i + "])");
            lines.add("raw = torch.relu(torch.sum(w * a, [1]))"); // [N,h,w]
            lines.addAll(overItsRange("cam", "raw"));
            lines.add("v = views[" + argument + "]");
            lines.add(
                    "up = torch.upsample_bilinear2d(torch.unsqueeze(cam, 1), [torch.size(v, 2), torch.size(v, 3)], False)");
            lines.add("out[\"weights/" + view + "\"] = torch.reshape(w, [torch.size(w, 0), -1])");
            lines.add("out[\"raw/" + view + "\"] = raw");
            lines.add("out[\"cam/" + view + "\"] = cam");
            lines.add("out[\"upsampled/" + view + "\"] = torch.squeeze(up, 1)");
        }
        lines.add("return out");
        module.method(
                "gradcam(views: List[Tensor], classes: Tensor) -> Dict[str, Tensor]", lines.toArray(new String[0]));
    }

    /** Maps {@code from} [N,h,w] over their range, each for itself, as {@code to}: 0..1, all 0 where one is flat. */
    static List<String> overItsRange(String to, String from) {
        return List.of(
                "low = torch.amin(" + from + ", [1, 2], True)",
                "range = torch.amax(" + from + ", [1, 2], True) - low",
                to + " = torch.where(range > 0, (" + from
                        + " - low) / torch.where(range > 0, range, torch.ones_like(range)), torch.zeros_like(" + from
                        + "))");
    }
}
