package io.patella.network.grader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.InputException;
import io.patella.network.architecture.Layers;
import io.patella.network.program.ProgramModule;
import java.util.ArrayList;
import java.util.List;

/**
 * Several graders that answer as one (not in the paper): every head's logits are the weighted mean of the members' logits. Its joined vector is
 * the members' one after the other; its heatmaps are the mean of the members' for the class that the ensemble finds most likely.
 *
 * @param name what it is called
 * @param members two or more, with the same heads in the same order and the same scale; backbones, views, poolings may differ
 * @param shares of the members in the mean, positive, one for each; their sum is brought to 1
 */
public record Ensemble(String name, List<Grader> members, List<Double> shares) implements GradingNetwork {
    static final String MEMBERS = "members";
    private static final String SHARES = "shares";

    /**
     * Checks that the members fit each other.
     *
     * @throws InputException naming the one that does not fit the first
     */
    public Ensemble {
        members = List.copyOf(members);
        shares = List.copyOf(shares);
        if (shares.size() != members.size() || shares.stream().anyMatch(each -> !(each > 0 && Double.isFinite(each)))) {
            throw new InputException(
                    name, "every member needs a share above 0", shares, "write 1 for each to weigh alike");
        }
        if (members.size() < 2) {
            throw new InputException(name, "an ensemble needs two members or more", members.size(), "name them");
        }
        for (Grader each : members) {
            Grader first = members.get(0);
            if (!each.heads().equals(first.heads()) || each.scale() != first.scale()) {
                throw new InputException(
                        name,
                        "member " + each.name() + " answers otherwise than " + first.name(),
                        each.heads() + " of " + each.scale().grades(),
                        "all members need " + first.heads() + " of "
                                + first.scale().grades());
            }
        }
    }

    /** Where a member's tensors stand: before its own names. */
    public static String prefix(int member) {
        return child(member) + ".";
    }

    private static String child(int member) {
        return "member_" + member;
    }

    @Override
    public List<String> views() {
        return List.of("global", "left", "right").stream()
                .filter(view -> members.stream().anyMatch(each -> each.views().contains(view)))
                .toList();
    }

    @Override
    public List<String> mappedViews() {
        return views().stream()
                .filter(view ->
                        members.stream().anyMatch(each -> each.mappedViews().contains(view)))
                .toList();
    }

    @Override
    public int features() {
        return members.stream().mapToInt(Grader::features).sum();
    }

    @Override
    public List<Head> heads() {
        return members.get(0).heads();
    }

    @Override
    public Scale scale() {
        return members.get(0).scale();
    }

    @Override
    public ProgramModule program(Layers layers) {
        ProgramModule module = new ProgramModule("Ensemble");
        List<String> joined = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < members.size(); i++) {
            Grader member = members.get(i);
            module.child(child(i), member.program(layers));
            joined.add("self." + prefix(i) + "joined_views(" + viewsOf(member) + ")");
            answers.add("self." + prefix(i) + "answers_of(torch.slice(joined, 1, " + at + ", "
                    + (at + member.features()) + ", 1))");
            at += member.features();
        }
        module.method(
                "joined_views(views: List[Tensor]) -> Tensor",
                "return torch.cat([" + String.join(", ", joined) + "], 1)"); // [N,features]
        double whole = shares.stream().mapToDouble(share -> share).sum();
        List<String> lines = new ArrayList<>();
        List<List<String>> terms = new ArrayList<>();
        heads().forEach(head -> terms.add(new ArrayList<>()));
        for (int i = 0; i < members.size(); i++) {
            lines.add("y_" + i + " = " + answers.get(i));
            for (int head = 0; head < heads().size(); head++) {
                terms.get(head).add("torch.mul(y_" + i + "[" + head + "], " + shares.get(i) / whole + ")");
            }
        }
        lines.add("return ["
                + String.join(
                        ", ",
                        terms.stream().map(each -> String.join(" + ", each)).toList())
                + "]");
        module.method("answers_of(joined: Tensor) -> List[Tensor]", lines.toArray(new String[0]));
        AnswerMethods.addTo(module, this);
        if (layers.isFused()) {
            return layers.packing(module);
        }
        gradCam(module);
        return module;
    }

    /** The members' views out of the ensemble's list. */
    private String viewsOf(Grader member) {
        return "["
                + String.join(
                        ", ",
                        member.views().stream()
                                .map(view -> "views[" + views().indexOf(view) + "]")
                                .toList())
                + "]";
    }

    /** {@code gradcam(views, classes [N]) -> classes [N], upsampled/V [N,H,W]}: see {@link GradCam}. */
    private void gradCam(ProgramModule module) {
        Head head = classHead();
        if (head == null || mappedViews().isEmpty()) {
            return;
        }
        List<String> lines = new ArrayList<>();
        lines.add("torch.set_grad_enabled(False)");
        lines.add("y = self.answers(views)[" + heads().indexOf(head) + "]");
        lines.add("chosen = torch.where(classes < 0, torch.argmax(y, 1), classes)");
        lines.add("out = annotate(Dict[str, Tensor], {})");
        lines.add("out[\"classes\"] = chosen");
        for (int i = 0; i < members.size(); i++) {
            if (!members.get(i).mappedViews().isEmpty()) {
                lines.add("maps_" + i + " = self." + prefix(i) + "gradcam(" + viewsOf(members.get(i)) + ", chosen)");
            }
        }
        for (String view : mappedViews()) {
            List<String> maps = new ArrayList<>();
            for (int i = 0; i < members.size(); i++) {
                if (members.get(i).mappedViews().contains(view)) {
                    maps.add("maps_" + i + "[\"upsampled/" + view + "\"]");
                }
            }
            lines.add("cam = torch.div(" + String.join(" + ", maps) + ", " + maps.size() + ".)");
            lines.addAll(GradCam.overItsRange("cam", "cam"));
            lines.add("out[\"upsampled/" + view + "\"] = cam");
        }
        lines.add("return out");
        module.method(
                "gradcam(views: List[Tensor], classes: Tensor) -> Dict[str, Tensor]", lines.toArray(new String[0]));
    }

    @Override
    public ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", name);
        ArrayNode array = node.putArray(MEMBERS);
        members.forEach(each -> array.add(each.json()));
        ArrayNode parts = node.putArray(SHARES);
        shares.forEach(parts::add);
        return node;
    }

    static Ensemble parse(JsonNode node, String where) {
        List<String> known = List.of("name", MEMBERS, SHARES);
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw new InputException(where, "unknown key of an ensemble", key, "one of " + known);
            }
        });
        List<Grader> members = new ArrayList<>();
        node.path(MEMBERS).forEach(each -> members.add(Grader.parse(each, where)));
        List<Double> shares = new ArrayList<>();
        node.path(SHARES).forEach(each -> shares.add(each.asDouble()));
        return new Ensemble(node.path("name").asText(where), members, shares);
    }
}
