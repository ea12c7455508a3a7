package io.patella.jobs.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.engine.Device;
import io.patella.engine.training.Recipe;
import io.patella.engine.training.TrainingSet;
import io.patella.engine.training.ValidationAnswers;
import io.patella.jobs.conf.Conf;
import io.patella.jobs.conf.EnsembleConf;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.bundle.Bundle;
import io.patella.network.bundle.BundleDescription;
import io.patella.network.grader.Ensemble;
import io.patella.network.grader.Grader;
import io.patella.network.grader.GradingNetwork;
import io.patella.network.preparation.Preparation;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import io.patella.statistics.cutpoints.TunedCutpoints;
import io.patella.tables.row.ModelRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Joins trained bundles into one that answers with the weighted mean of their logits (not in the paper), or takes a single one to
 * pictures of another preparation. Nothing is trained; thresholds, cutpoints and what is typical come anew from the parts that the
 * members share.
 */
public final class EnsembleJob {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EnsembleConf conf;
    private final Path file;
    private final Path warehouseFolder;
    private final PrintWriter log;

    /**
     * @param file the conf's, against which the paths in it are read
     * @param warehouseFolder holds bundles ({@code models/NAME})
     * @param log where progress goes
     */
    public EnsembleJob(EnsembleConf conf, Path file, Path warehouseFolder, PrintWriter log) {
        this.conf = conf;
        this.file = file;
        this.warehouseFolder = warehouseFolder;
        this.log = log;
    }

    /**
     * What came of it.
     *
     * @param bundle where the bundle lies
     * @param model its hash
     */
    public record Outcome(Path bundle, String model) {
        /** For a program. */
        public Map<String, @Nullable Object> json() {
            Map<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put("bundle", bundle.toString());
            answer.put("model", model);
            return answer;
        }
    }

    /**
     * A bundle that joins.
     *
     * @param preparation of the bundle's pictures; what the member itself was trained with stands in {@code provenance}
     * @param provenance what the ensemble's bundle says of it
     * @param share of it in the mean
     * @param line it and the bundles it came from
     */
    private record Member(
            String where,
            String model,
            double share,
            Grader grader,
            Preparation preparation,
            Map<String, Tensor> weights,
            List<String> heldOut,
            ObjectNode provenance,
            List<Ancestor> line) {
        /** The bundle's grader; of an ensemble its members, each with its part of the share. */
        static List<Member> open(Path path, double share) {
            try (Bundle files = Bundle.open(path)) {
                BundleDescription said = files.description();
                Map<String, Tensor> weights = ProgramArchive.open(files.model()).tensors();
                List<Ancestor> line = Ancestor.line(Ancestor.parent(files));
                GradingNetwork network = GradingNetwork.parse(said.grader(), path.toString());
                if (network instanceof Grader grader) {
                    ObjectNode provenance = JSON.createObjectNode();
                    provenance.put("model", files.hash());
                    provenance.put("name", said.name());
                    provenance.put("share", share);
                    provenance.set(
                            "preparation", JSON.readTree(said.preparation().json()));
                    provenance.set("training", said.training());
                    return List.of(new Member(
                            path.toString(),
                            files.hash(),
                            share,
                            grader,
                            said.preparation(),
                            weights,
                            said.heldOut(),
                            provenance,
                            line));
                }
                Ensemble joined = (Ensemble) network;
                double sum = joined.shares().stream().mapToDouble(each -> each).sum();
                List<Member> members = new ArrayList<>();
                for (int i = 0; i < joined.members().size(); i++) {
                    double part =
                            Math.rint(share * joined.shares().get(i) / sum * 1e9) / 1e9; // 0.6, not 0.6000000000000001
                    ObjectNode provenance =
                            said.training().path("members").path(i).deepCopy();
                    provenance.put("share", part);
                    String prefix = Ensemble.prefix(i);
                    Map<String, Tensor> own = new LinkedHashMap<>();
                    weights.forEach((name, tensor) -> {
                        if (name.startsWith(prefix)) {
                            own.put(name.substring(prefix.length()), tensor);
                        }
                    });
                    List<Ancestor> past = new ArrayList<>(line);
                    past.addAll(Ancestor.line(provenance.path("training").path("parent")));
                    members.add(new Member(
                            path.toString(),
                            provenance.path("model").asText(),
                            part,
                            joined.members().get(i),
                            said.preparation(),
                            own,
                            said.heldOut(),
                            provenance,
                            past));
                }
                return members;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + path, e);
            }
        }
    }

    /** Joins them; replaces a bundle of the same name. */
    public Outcome run() {
        return JobRun.of("ensemble", conf.cohort(), conf, log).run(this::join);
    }

    private Outcome join(JobRun run) throws IOException {
        conf.members()
                .forEach(each -> Ancestor.demandOther(Conf.beside(file, each.bundle()), warehouseFolder, conf.name()));
        List<Member> members = conf.members().stream()
                .flatMap(each -> Member.open(Conf.beside(file, each.bundle()), each.share()).stream())
                .toList();
        GradingNetwork network = network(members);
        Preparation preparation = preparation(members);
        run.phase("reading labels and parts of " + conf.cohort() + ", split " + conf.split());
        LabelledCohort data = LabelledCohort.read(run.warehouse(), conf.cohort(), conf.split());
        TrainingSet set = data.set();
        for (Member each : members) {
            demandSameParts(each);
            for (Ancestor before : each.line()) {
                before.check(run.warehouse(), data, set);
            }
        }
        run.count("members", members.size());
        run.count("validation_images", set.validation().size());
        Path bundle = warehouseFolder.resolve("models").resolve(conf.name());
        Files.createDirectories(bundle.toAbsolutePath().getParent());
        Path draft = Files.createTempFile(bundle.toAbsolutePath().getParent(), ".draft", ".zip");
        Path model = Files.createTempFile("patella-model", ".pt");
        try {
            return new Making(draft, model, run, data, set, members, network, preparation).write(bundle);
        } finally {
            Files.deleteIfExists(draft);
            Files.deleteIfExists(model);
        }
    }

    private GradingNetwork network(List<Member> members) {
        List<Grader> graders = members.stream().map(Member::grader).toList();
        return graders.size() == 1
                ? graders.get(0).named(conf.name())
                : new Ensemble(
                        conf.name(),
                        graders,
                        members.stream().map(Member::share).toList());
    }

    private Preparation preparation(List<Member> members) {
        if (conf.preparation() != null) {
            return conf.preparation().preparation();
        }
        Preparation first = members.get(0).preparation();
        for (Member each : members) {
            if (!each.preparation().equals(first)) {
                throw new InputException(
                        each.where(),
                        "prepares pictures otherwise than " + members.get(0).where(),
                        each.preparation().json(),
                        "write in preparation: how all members shall see them");
            }
        }
        return first;
    }

    /** The validation part that chooses must be one that no member has learned from. */
    private void demandSameParts(Member member) {
        for (Ancestor each : member.line()) {
            if (each.cohort().equals(conf.cohort()) && !each.split().equals(conf.split())) {
                throw new InputException(
                        member.where(),
                        "was trained with another split of " + conf.cohort()
                                + ", so it may have learned from the validation part",
                        each.split(),
                        "join bundles of split " + conf.split() + ", or name theirs");
            }
        }
    }

    /** The steps from members to a bundle, over two files that are for these steps alone: a bundle and a program. */
    private final class Making {
        private final Path draft;
        private final Path model;
        private final JobRun run;
        private final LabelledCohort data;
        private final TrainingSet set;
        private final List<Member> members;
        private final GradingNetwork network;
        private final Preparation preparation;
        private final Device device = Device.parse(conf.device(), "device");

        Making(
                Path draft,
                Path model,
                JobRun run,
                LabelledCohort data,
                TrainingSet set,
                List<Member> members,
                GradingNetwork network,
                Preparation preparation) {
            this.draft = draft;
            this.model = model;
            this.run = run;
            this.data = data;
            this.set = set;
            this.members = members;
            this.network = network;
            this.preparation = preparation;
        }

        Outcome write(Path bundle) {
            Map<String, Tensor> weights = new LinkedHashMap<>();
            List<String> biases = new ArrayList<>();
            for (int i = 0; i < members.size(); i++) {
                String prefix = members.size() == 1 ? "" : Ensemble.prefix(i);
                members.get(i).weights().forEach((name, tensor) -> weights.put(prefix + name, stored(tensor)));
                biases.add(prefix + ValidationAnswers.ORDINAL_BIAS);
            }
            run.phase("grading " + set.validation().size() + " pictures of the validation part");
            ValidationAnswers answers = answers(weights);
            if (conf.thresholds() == Recipe.Thresholds.CENTRED) {
                if (weights.keySet().stream().noneMatch(biases::contains)) {
                    throw new InputException(
                            "thresholds", "centred needs an ordinal head", network.heads(), "write trained");
                }
                weights.putAll(answers.centred(weights, biases));
                run.phase("grading them again with centred thresholds");
                answers = answers(weights);
            }
            TunedCutpoints cutpoints = answers.cutpoints();
            ModelCard card = ModelCard.of(
                    conf.name(),
                    data,
                    set,
                    answers,
                    cutpoints,
                    "The members' epochs, their shares, thresholds and cutpoints",
                    making(cutpoints));
            writeBundle(bundle, weights, cutpoints, provenance(cutpoints), card.markdown());
            run.phase("measuring which pictures are typical, so that others are flagged");
            String model = data.teachTypical(bundle, set, device, conf.threads());
            run.warehouse().append(ModelRow.TABLE, List.of(card.row(model, bundle, network, preparation, run)));
            run.phase("bundle " + bundle + ", model " + model);
            run.next("patella grade --bundle " + bundle + " --cohort " + data.cohort() + " --split " + data.split()
                    + " --part " + (data.heldOut().isEmpty() ? Part.VALIDATION : Part.TEST).word());
            run.summary(card.summary());
            return new Outcome(bundle, model);
        }

        private Tensor stored(Tensor tensor) {
            return tensor.shape().length < 2 || tensor.type() != ElementType.F32
                    ? tensor
                    : tensor.as(conf.stored()).as(ElementType.F32);
        }

        private ValidationAnswers answers(Map<String, Tensor> weights) {
            writeBundle(draft, weights, null, JSON.createObjectNode(), "");
            return data.answers(draft, set, device, conf.threads());
        }

        private void writeBundle(
                Path target,
                Map<String, Tensor> weights,
                @Nullable TunedCutpoints cutpoints,
                JsonNode provenance,
                String card) {
            ProgramModule program = network.program(Layers.plain());
            WeightSource.named(weights, conf.name()).fill(program);
            ProgramArchive.write(program, model, Map.of());
            Bundle.write(
                    target,
                    new BundleDescription(
                            conf.name(),
                            network.json(),
                            preparation,
                            cutpoints == null ? null : cutpoints.cutpoints().toList(),
                            provenance,
                            heldOut()),
                    model,
                    card);
        }

        private ObjectNode provenance(@Nullable TunedCutpoints cutpoints) {
            ObjectNode provenance = ModelCard.provenance(run, data);
            provenance.set("conf", choices());
            if (cutpoints != null && cutpoints.qwk().isDefined()) {
                provenance.put("validation_qwk_tuned", cutpoints.qwk().value());
            }
            ArrayNode array = provenance.putArray("members");
            members.forEach(each -> array.add(each.provenance()));
            return provenance;
        }

        /** The conf but for where the members lay, since their hashes say which they are. */
        private ObjectNode choices() {
            ObjectNode choices = JSON.valueToTree(conf);
            choices.remove("members");
            return choices;
        }

        /** Patients of the test part whom every member holds out. */
        private List<String> heldOut() {
            return data.heldOut().stream()
                    .filter(patient ->
                            members.stream().allMatch(each -> each.heldOut().contains(patient)))
                    .toList();
        }

        /** The card's section on how it was made. */
        private String making(@Nullable TunedCutpoints cutpoints) {
            StringBuilder text = new StringBuilder();
            text.append("## Members\n\n");
            text.append("Run `")
                    .append(run.id())
                    .append(
                            "`: nothing was trained; every head's logits are the weighted mean of the members'. Conf: `")
                    .append(choices().toString())
                    .append("`\n\nPreparation: `")
                    .append(preparation.json())
                    .append("`\n\nCode: commit `")
                    .append(Versions.commit())
                    .append("`\n\n");
            text.append(
                    "| member | share | trained at | best epoch of | its validation QWK, at cutpoints of 0.50 | model |\n|---|---|---|---|---|---|\n");
            for (Member each : members) {
                JsonNode training = each.provenance().path("training");
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %d pixels | %d of %d | %.4f | `%s` |%n",
                        each.provenance().path("name").asText(),
                        each.share(),
                        each.provenance().path("preparation").path("size").asInt(),
                        training.path("best_epoch").asInt(),
                        training.path("epochs").asInt(),
                        training.path("validation_qwk").asDouble(),
                        each.model()));
            }
            for (Member each : members) {
                JsonNode training = each.provenance().path("training");
                text.append("\n`")
                        .append(each.provenance().path("name").asText())
                        .append("`: run `")
                        .append(training.path("run_id").asText())
                        .append("`, commit `")
                        .append(training.path("commit").asText())
                        .append("`, start: ")
                        .append(training.path("start").asText())
                        .append(". Grader: `")
                        .append(each.grader().json())
                        .append("`. Recipe: `")
                        .append(training.path("recipe").toString())
                        .append("`\n");
            }
            if (cutpoints != null) {
                text.append("\nCutpoints: ")
                        .append(cutpoints.cutpoints().toList())
                        .append(".\n");
            }
            return text.toString();
        }
    }
}
