package io.patella.network.training;

import io.patella.cohort.InputException;
import io.patella.network.architecture.Layers;
import io.patella.network.grader.Grader;
import io.patella.network.grader.Head;
import io.patella.network.program.ProgramModule;
import io.patella.network.program.ProgramTensor;
import io.patella.network.weights.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A grader's program with what training needs: its losses and the whole step, each one call of the engine.
 *
 * <p>Methods, with VIEWS {@code whole, left, right} [N,3,H,W] (those the grader does not want are not looked at) and {@code grades} [N]
 * int64 in 0..4:
 *
 * <ul>
 *   <li>{@code losses(VIEWS, grades) -> Tensor} [5]: the weighted total, then the losses of the ordinal, the distribution (or class) and
 *       the binary head, 0 for a head that is not there; then the share of pictures graded right: ordinal thresholds passed at 0.5, or
 *       the most probable class where there is no ordinal head;
 *   <li>{@code evaluate(VIEWS, grades)}: the three probabilities of {@link Grader} and the losses in one forward pass;
 *   <li>{@code gradients(total, p) -> List[Tensor]}: of a scalar, in the memory order of the parameters; zeros where the total does not
 *       depend on a parameter;
 *   <li>{@code update(g, STATE, n, settings) -> Tensor}: clipping, AdamW in two groups, moving average; gives the gradients' norm before
 *       clipping; nothing moves when the norm is not finite;
 *   <li>{@code train_step(VIEWS, grades, STATE, n, settings) -> Tensor} [6]: the three above in one; the losses and the norm;
 *   <li>{@code accumulate(VIEWS, grades, p, sum, scale) -> Tensor} [5]: adds the gradients of scale times the total to {@code sum};
 *   <li>{@code update_accumulated(sum, STATE, n, settings) -> Tensor}: {@code update} from {@code sum}, which it sets to zero.
 * </ul>
 *
 * <p>STATE is the lists {@code p} (the parameters themselves, the backbones' first), {@code m}, {@code v} (moments), {@code t} (a step
 * counter, float32 scalar, for each), {@code e} (moving average of p), {@code s} (running statistics and counters) and {@code es} (their
 * average; counters are copied). {@code n} is the number of backbone tensors in p. {@code settings} are: the rates of backbones and of
 * heads, weight decay, epsilon, largest gradient norm (0: any), decay of the average.
 *
 * <p>AdamW: p *= 1 - rate decay; p -= rate (m / (1 - 0.9^t)) / (sqrt(v / (1 - 0.999^t)) + epsilon). Average: e += (1 - decay) (p - e).
 */
public final class TrainingProgram {
    private static final String VIEWS = "whole: Tensor, left: Tensor, right: Tensor, grades: Tensor";
    private static final String STATE =
            "p: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor], e: List[Tensor],"
                    + " s: List[Tensor], es: List[Tensor], n: int, settings: List[float]";
    private static final String GIVEN = "p, m, v, t, e, s, es, n, settings";

    private TrainingProgram() {}

    /**
     * The program, its weights not yet filled.
     *
     * @param layers {@link Layers#plain} or {@link Layers#castingToBfloat16}
     * @throws InputException when the class weights do not fit the grader's scale
     */
    public static ProgramModule of(Grader grader, Layers layers, Losses losses) {
        if (layers.isFused()) {
            throw new IllegalArgumentException("fused layers cannot learn");
        }
        int classes = grader.scale().classes();
        if (!losses.classWeights().isEmpty() && losses.classWeights().size() != classes) {
            throw new InputException(
                    "losses.class_weights",
                    "there are " + classes + " classes",
                    losses.classWeights(),
                    "one weight for each");
        }
        ProgramModule module = grader.program(layers);
        module.child("targets", targets(grader, losses));
        module.method("losses_of(y: List[Tensor], grades: Tensor) -> Tensor", lossLines(grader, losses));
        String given = String.join(", ", grader.views()).replace("global", "whole");
        module.method(
                "losses(" + VIEWS + ") -> Tensor", "return self.losses_of(self.answers([" + given + "]), grades)");
        module.method(
                "evaluate(" + VIEWS + ") -> Tuple[Tensor, Tensor, Tensor, Tensor]",
                "y = self.answers([" + given + "])",
                "ordinal, distribution, binary = self.named(y)",
                "return (torch.sigmoid(ordinal), torch.softmax(distribution, 1), torch.sigmoid(binary), self.losses_of(y, grades))");
        gradients(module);
        update(module);
        return module.method(
                        "train_step(" + VIEWS + ", " + STATE + ") -> Tensor",
                        "torch.set_grad_enabled(True)",
                        "losses = self.losses(whole, left, right, grades)",
                        "g = self.gradients(losses[0], p)",
                        "torch.set_grad_enabled(False)",
                        "losses = torch.detach(losses)",
                        "norm = self.update(g, " + GIVEN + ")",
                        "return torch.cat([losses, torch.reshape(norm, [1])])")
                .method(
                        "accumulate(" + VIEWS + ", p: List[Tensor], sum: List[Tensor], scale: float) -> Tensor",
                        "torch.set_grad_enabled(True)",
                        "losses = self.losses(whole, left, right, grades)",
                        "g = self.gradients(losses[0] * scale, p)",
                        "torch.set_grad_enabled(False)",
                        "torch._foreach_add_(sum, g)",
                        "return torch.detach(losses)")
                .method(
                        "update_accumulated(sum: List[Tensor], " + STATE + ") -> Tensor",
                        "torch.set_grad_enabled(False)",
                        "g = annotate(List[Tensor], [])",
                        "for i in range(len(p)):",
                        "  g.append(self.ordered(sum[i], p[i]))",
                        "norm = self.update(g, " + GIVEN + ")",
                        "torch._foreach_zero_(sum)",
                        "return norm");
    }

    /** Tables of five rows, one for each KL grade. */
    private static ProgramModule targets(Grader grader, Losses losses) {
        ProgramModule targets = new ProgramModule("Targets");
        for (Head head : grader.heads()) {
            targets.buffer(head.word(), ProgramTensor.constant(table(losses.targets(head, grader.scale()))));
        }
        if (grader.heads().contains(Head.ORDINAL)) {
            int n = Head.ORDINAL.outputs(grader.scale());
            float[] factors = new float[n];
            for (int k = 0; k < n; k++) {
                factors[k] = (float) (k == 0 ? losses.firstThreshold() : k == n - 1 ? losses.lastThreshold() : 1);
            }
            targets.buffer("threshold_weights", ProgramTensor.constant(Tensor.of(factors, n)));
        }
        if (grader.heads().contains(Head.CLASSES)) {
            int n = grader.scale().classes();
            float[] factors = new float[n];
            for (int c = 0; c < n; c++) {
                factors[c] = losses.classWeights().isEmpty()
                        ? 1
                        : losses.classWeights().get(c).floatValue();
            }
            float[][] ofGrade = new float[5][1];
            for (int grade = 0; grade < 5; grade++) {
                ofGrade[grade][0] = factors[grader.scale().classOf(grade)];
            }
            targets.buffer("class_weights", ProgramTensor.constant(Tensor.of(factors, n)));
            targets.buffer("grade_weights", ProgramTensor.constant(table(ofGrade)));
        }
        return targets;
    }

    private static Tensor table(float[][] rows) {
        float[] flat = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * rows[0].length, rows[0].length);
        }
        return Tensor.of(flat, rows.length, rows[0].length);
    }

    private static String[] lossLines(Grader grader, Losses losses) {
        List<String> lines = new ArrayList<>();
        List<String> sum = new ArrayList<>();
        List<Head> heads = grader.heads();
        for (int i = 0; i < heads.size(); i++) {
            Head head = heads.get(i);
            String loss = "l_" + head.word();
            lines.add("t = torch.index_select(self.targets." + head.word() + ", 0, grades)"); // [N,outputs]
            lines.addAll(lossLines(head, "y[" + i + "]", loss));
            sum.add(Layers.number(losses.weight(head)) + " * " + loss);
        }
        lines.addAll(rightLines(grader));
        lines.add("total = " + String.join(" + ", sum));
        lines.add("none = torch.zeros_like(total)");
        lines.add("return torch.stack([total, " + term(grader, Head.ORDINAL) + ", " + term(grader, grader.classHead())
                + ", " + term(grader, Head.BINARY) + ", torch.mean(torch.to(right, 6))])");
        return lines.toArray(new String[0]);
    }

    /** Which pictures are graded right. */
    private static List<String> rightLines(Grader grader) {
        List<Head> heads = grader.heads();
        Head decides = heads.contains(Head.ORDINAL) ? Head.ORDINAL : grader.classHead();
        if (decides == null) {
            return List.of("right = torch.zeros_like(grades)"); // no head gives a grade
        }
        String y = "torch.detach(y[" + heads.indexOf(decides) + "])";
        String t = "torch.index_select(self.targets." + decides.word() + ", 0, grades)";
        return decides == Head.ORDINAL
                ? List.of("right = torch.eq(torch.sum(torch.gt(" + y + ", 0.), [1]), torch.sum(torch.gt(" + t
                        + ", 0.5), [1]))")
                : List.of("right = torch.eq(torch.argmax(" + y + ", 1), torch.argmax(" + t + ", 1))");
    }

    private static List<String> lossLines(Head head, String y, String loss) {
        return switch (head) {
            case ORDINAL -> // mean over images and thresholds
                List.of(loss + " = torch.mean(torch.binary_cross_entropy_with_logits(" + y
                        + ", t, None, None, 0) * self.targets.threshold_weights)");
            case DISTRIBUTION -> // mean over images
                List.of(loss + " = torch.sum(torch.xlogy(t, t) - t * torch.log_softmax(" + y
                        + ", 1)) / torch.size(t, 0)");
            case BINARY -> List.of(loss + " = torch.binary_cross_entropy_with_logits(" + y + ", t)");
            case CLASSES ->
                List.of(
                        "w = torch.sum(torch.index_select(self.targets.grade_weights, 0, grades))",
                        loss + " = torch.sum(-t * torch.log_softmax(" + y + ", 1) * self.targets.class_weights) / w");
        };
    }

    private static String term(Grader grader, @Nullable Head head) {
        return head != null && grader.heads().contains(head) ? "l_" + head.word() : "none";
    }

    private static void gradients(ProgramModule module) {
        module.method(
                "gradients(total: Tensor, p: List[Tensor]) -> List[Tensor]",
                "found = torch.grad([total], p, None, None, False, True)",
                "all = annotate(List[Tensor], [])",
                "for i in range(len(p)):",
                "  g = found[i]",
                "  if g is None:",
                "    all.append(torch.zeros_like(p[i]))",
                "  else:",
                "    all.append(self.ordered(unchecked_cast(Tensor, g), p[i]))",
                "return all");
        // the fused optimiser walks parameter and gradient in memory order
        module.method(
                "ordered(g: Tensor, p: Tensor) -> Tensor",
                "if g.stride() == p.stride():",
                "  return g",
                "same = torch.detach(torch.empty_like(p))",
                "return same.copy_(g)");
    }

    private static void update(ProgramModule module) {
        module.method(
                "update(g: List[Tensor], " + STATE + ") -> Tensor",
                "torch.set_grad_enabled(False)",
                "norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(g, 2)))",
                "if bool(torch.isfinite(norm)):",
                "  if settings[4] > 0.:",
                "    torch._foreach_mul_(g, torch.clamp_max(torch.reciprocal(norm + 1e-06) * settings[4], 1.))",
                "  torch._foreach_add_(t, 1)",
                "  self.adamw(0, n, p, g, m, v, t, settings[0], settings[2], settings[3])",
                "  self.adamw(n, len(p), p, g, m, v, t, settings[1], settings[2], settings[3])",
                "  torch._foreach_lerp_(e, p, 1. - settings[5])",
                "  for i in range(len(s)):",
                "    if torch.is_floating_point(s[i]):",
                "      es[i].lerp_(s[i], 1. - settings[5])",
                "    else:",
                "      es[i].copy_(s[i])",
                "return norm");
        module.method(
                "adamw(first: int, end: int, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor],"
                        + " rate: float, decay: float, eps: float) -> NoneType",
                "if first < end:",
                "  torch._fused_adamw_(self.part(p, first, end), self.part(g, first, end), self.part(m, first, end),"
                        + " self.part(v, first, end), [], self.part(t, first, end), lr=rate, beta1=0.9, beta2=0.999,"
                        + " weight_decay=decay, eps=eps, amsgrad=False, maximize=False)",
                "return None");
        // no slices: the compiler takes a slice's tensors for new ones and drops what is written to them as dead
        module.method(
                "part(all: List[Tensor], first: int, end: int) -> List[Tensor]",
                "out = annotate(List[Tensor], [])",
                "for i in range(first, end):",
                "  out.append(all[i])",
                "return out");
    }
}
