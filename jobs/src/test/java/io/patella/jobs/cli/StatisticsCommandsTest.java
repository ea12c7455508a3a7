package io.patella.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The file commands evaluate, compare, agreement and tune-cutpoints, called as a user calls them. */
class StatisticsCommandsTest {
    private static final List<String> METRICS = List.of("qwk", "accuracy", "macro_f1", "mae");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void evaluateAnswersWithTheKeysOfTheContract() throws IOException {
        Path file = predictions("f.csv", 120, 1);
        assertThat(run("evaluate", "--predictions", file.toString(), "--resamples", "100", "--json"))
                .isEqualTo(Patella.DONE);
        JsonNode answer = json();
        assertThat(answer.get("images").intValue()).isEqualTo(120);
        assertThat(answer.get("patients").intValue()).isEqualTo(60);
        for (String metric : METRICS) {
            assertThat(answer.at("/" + metric + "/lower").doubleValue())
                    .as(metric)
                    .isLessThanOrEqualTo(answer.at("/" + metric + "/upper").doubleValue());
            assertThat(answer.at("/" + metric + "/estimate").isNumber())
                    .as(metric)
                    .isTrue();
        }
        assertThat(answer.get("confusion"))
                .hasSize(5)
                .allSatisfy(row -> assertThat(row).hasSize(5));
        assertThat(answer.get("per_class")).hasSize(5);
        assertThat(answer.at("/per_class/3/grade").intValue()).isEqualTo(3);
        assertThat(answer.at("/per_class/3").fieldNames())
                .toIterable()
                .containsExactly("grade", "precision", "recall", "f1", "support");
        for (String key : List.of("roc_auc", "average_precision")) {
            assertThat(answer.get(key).fieldNames()).toIterable().containsExactly("per_class", "macro", "micro");
            assertThat(answer.at("/kl_ge_2/" + key).isNumber()).isTrue();
        }
        assertThat(answer.get("calibration").fieldNames())
                .toIterable()
                .containsExactly("brier", "ece_15", "log_loss", "rps");
        assertThat(answer.get("bootstrap"))
                .hasToString("{\"resamples\":100,\"seed\":42,\"unit\":\"patient\",\"method\":\"percentile\"}");
        assertThat(answer.get("adjacent_accuracy").isNumber()).isTrue();
        assertThat(answer.get("adjacent_error_share").isNumber()).isTrue();
        assertThat(answer.get("notes").isArray()).isTrue();
        assertThat(out.toString()).hasLineCount(1);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void anIntervalIsTheSameForAnyThreadsAndAnyOrderOfRows() throws IOException {
        Path file = predictions("f.csv", 100, 2);
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        List<String> turned = new ArrayList<>(lines.subList(1, lines.size()));
        Collections.reverse(turned);
        turned.add(0, lines.get(0));
        Path other = Files.write(folder.resolve("g.csv"), turned);
        run("evaluate", "--predictions", file.toString(), "--resamples", "200", "--threads", "1", "--json");
        String one = out.toString();
        out.getBuffer().setLength(0);
        run("evaluate", "--predictions", other.toString(), "--resamples", "200", "--threads", "3", "--json");
        assertThat(out.toString()).isEqualTo(one);
    }

    @Test
    void undefinedFiguresAreNullWithTheirReason() throws IOException {
        Path file = write("f.csv", "image_id,patient_id,grade,predicted", "x,p,2,2", "y,q,2,2");
        assertThat(run("evaluate", "--predictions", file.toString(), "--json")).isEqualTo(Patella.DONE);
        JsonNode answer = json();
        assertThat(answer.at("/qwk/estimate").isNull()).isTrue();
        assertThat(answer.at("/accuracy/estimate").doubleValue()).isEqualTo(1);
        assertThat(answer.at("/roc_auc/macro").isNull()).isTrue();
        assertThat(answer.get("notes").toString())
                .contains("qwk: expected disagreement is 0")
                .contains("adjacent_error_share: no errors")
                .contains("no probabilities p0..p4");
        assertThat(out.toString()).doesNotContain("NaN");
        out.getBuffer().setLength(0);
        run("evaluate", "--predictions", file.toString());
        assertThat(out.toString())
                .containsPattern("QWK +- +- +-\n")
                .doesNotContain("- to", "to -", "-, -")
                .contains("note: qwk: expected disagreement is 0");
    }

    @Test
    void anIntervalThatCannotBeGivenIsADashAndItsReasonANote() throws IOException {
        List<String> lines = new ArrayList<>(List.of("image_id,patient_id,grade,predicted,p0,p1,p2,p3,p4"));
        for (int right = 7;
                right < 20;
                right += 2) { // confidence is exactly the share that is right: no resample can do better
            for (int i = 0; i < 20; i++) {
                double rest = (1 - right / 20.0) / 4;
                lines.add("i" + lines.size() + ",p" + lines.size() + "," + (i < right ? 2 : i % 2) + ",2," + rest + ","
                        + rest + "," + right / 20.0 + "," + rest + "," + rest);
            }
        }
        String file = Files.write(folder.resolve("f.csv"), lines).toString();
        run("evaluate", "--predictions", file, "--method", "bca", "--resamples", "200");
        assertThat(out.toString())
                .containsPattern("calibration error \\(15 bins\\) +0\\.0000 +-\n")
                .contains("note: ece_15, interval: BCa: every resample lies on one side of the estimate");
        out.getBuffer().setLength(0);
        run("evaluate", "--predictions", file, "--method", "bca", "--resamples", "200", "--json");
        assertThat(json().at("/intervals/ece_15/lower").isNull()).isTrue();
        assertThat(json().get("notes").toString()).contains("ece_15, interval: BCa: every resample");
    }

    @Test
    void everyBadValueIsNamedWithFileLineColumnAndValue() throws IOException {
        Path grades = write("f.csv", "image_id,patient_id,grade,predicted", "x,p,5,2", "y,q,2.5,2");
        assertThat(run("evaluate", "--predictions", grades.toString())).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString())
                .contains("f.csv:2, column grade")
                .contains(": 5 (")
                .contains("f.csv:3")
                .contains(": 2.5 (");

        Path twice = write("g.csv", "image_id,patient_id,grade,predicted", "x,p,1,2", "x,q,2,2");
        assertThat(run("evaluate", "--predictions", twice.toString())).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("g.csv:3, column image_id: given twice: x (it stands on line 2 already");

        String header = "image_id,patient_id,grade,predicted,p0,p1,p2,p3,p4";
        Path sum = write("h.csv", header, "x,p,1,2,0.3,0.3,0.3,0.3,0.3");
        assertThat(run("evaluate", "--predictions", sum.toString())).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("h.csv:2, column p0..p4: probabilities do not sum to 1: 1.5");

        Path notANumber = write("i.csv", header, "x,p,1,2,NaN,0,0,0,1");
        assertThat(run("evaluate", "--predictions", notANumber.toString())).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("i.csv:2, column p0: not a number: NaN");

        Path outside = write("k.csv", header, "x,p,1,2,1.5,-0.5,,0,0.2", "y,p,1,2,0,2,3,0,0");
        err.getBuffer().setLength(0);
        assertThat(run("evaluate", "--predictions", outside.toString())).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString())
                .contains("k.csv:2, column p2: not a number: \"\" (")
                .contains("k.csv:2, column p0, p1: outside 0.0..1.0: 1.5, -0.5 (")
                .contains("k.csv:3, column p1, p2: outside 0.0..1.0: 2, 3 (")
                .hasLineCount(3);

        Path missing = write("j.csv", "image_id,patient_id,grade", "x,p,1");
        assertThat(run("evaluate", "--predictions", missing.toString())).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("j.csv: no such column: predicted");
    }

    @Test
    void subgroupsKeepTheSmallestCellAndTheMissing() throws IOException {
        List<String> lines = Files.readAllLines(predictions("f.csv", 80, 3));
        List<String> withSex = new ArrayList<>();
        withSex.add(lines.get(0) + ",sex");
        for (int i = 1; i < lines.size(); i++) {
            withSex.add(lines.get(i) + (i <= 40 ? ",f" : i <= 44 ? ",m" : ","));
        }
        Path file = Files.write(folder.resolve("g.csv"), withSex);
        run("evaluate", "--predictions", file.toString(), "--subgroup", "sex", "--resamples", "50", "--json");
        JsonNode subgroups = json().get("subgroups");
        assertThat(subgroups)
                .extracting(each -> each.get("stratum").textValue())
                .containsExactly("f", "m", "(missing)");
        assertThat(subgroups.get(0).at("/qwk/estimate").isNumber()).isTrue();
        assertThat(subgroups.get(1).get("qwk").isNull()).isTrue();
        assertThat(subgroups.get(1).get("notes").toString()).contains("fewer than 10 patients");
    }

    @Test
    void curvesAreWrittenAsPoints() throws IOException {
        Path curves = folder.resolve("curves.csv");
        run(
                "evaluate",
                "--predictions",
                predictions("f.csv", 60, 4).toString(),
                "--curves",
                curves.toString(),
                "--resamples",
                "10");
        assertThat(Files.readAllLines(curves).get(0)).isEqualTo("curve,subject,point,threshold,x,y");
        assertThat(Files.readString(curves))
                .contains("roc,kl_ge_2,0,,0.0,0.0")
                .contains("roc,macro,")
                .contains("precision_recall,micro,")
                .contains("reliability,any,")
                .contains("decision,treat_all,")
                .contains("operating_point,kl_ge_2:sensitivity_0.95,0,");
    }

    @Test
    void everyScalarFigureCarriesAnIntervalByEitherMethodAndStratified() throws IOException {
        String file = predictions("f.csv", 120, 7).toString();
        run("evaluate", "--predictions", file, "--resamples", "100", "--json");
        JsonNode plain = json().get("intervals");
        for (String figure : List.of("roc_auc_macro", "kl_ge_2_roc_auc", "brier", "ece_15", "rps")) {
            assertThat(plain.at("/" + figure).fieldNames())
                    .toIterable()
                    .containsExactly("lower", "upper", "lower_error", "upper_error");
            assertThat(plain.at("/" + figure + "/lower").doubleValue())
                    .as(figure)
                    .isLessThan(plain.at("/" + figure + "/upper").doubleValue());
        }
        assertThat(plain.at("/per_class/3/recall/lower").isNumber()).isTrue();
        assertThat(plain.at("/per_class/3/average_precision/upper").isNumber()).isTrue();
        out.getBuffer().setLength(0);
        run(
                "evaluate",
                "--predictions",
                file,
                "--resamples",
                "100",
                "--method",
                "bca",
                "--stratified",
                "--threads",
                "2",
                "--json");
        assertThat(json().at("/bootstrap/strata").textValue()).isEqualTo("highest_grade");
        assertThat(json().get("intervals")).isNotEqualTo(plain);
        out.getBuffer().setLength(0);
        run("evaluate", "--predictions", file, "--resamples", "100");
        assertThat(out.toString()).contains("ROC AUC, KL >= 2").containsPattern("RPS +0\\.\\d{4}  0\\.\\d{4} to 0\\.");
    }

    @Test
    void whatValidationTeachesIsJudgedOnOtherPatients() throws IOException {
        Path file = predictions("f.csv", 120, 8);
        List<String> other = new ArrayList<>(Files.readAllLines(predictions("g.csv", 200, 9)));
        for (int line = 1; line < other.size(); line++) {
            other.set(line, other.get(line).replace(",p", ",v")); // patients v0, v1, ...
        }
        Path validation = Files.write(folder.resolve("v.csv"), other);
        Path sets = folder.resolve("sets.csv");
        assertThat(run(
                        "evaluate",
                        "--predictions",
                        file.toString(),
                        "--validation",
                        validation.toString(),
                        "--grade-sets",
                        sets.toString(),
                        "--resamples",
                        "100",
                        "--json"))
                .isEqualTo(Patella.DONE);
        JsonNode hard = json().get("hard_grades");
        assertThat(hard.at("/grade_sets/covered").doubleValue()).isBetween(0.8, 1.0);
        assertThat(hard.at("/grade_sets/thresholds")).hasSize(5);
        assertThat(hard.at("/temperature/temperature").doubleValue()).isPositive();
        assertThat(hard.at("/prevalence/corrected"))
                .hasSize(5)
                .allSatisfy(share -> assertThat(share.get("lower").doubleValue())
                        .isLessThanOrEqualTo(share.get("upper").doubleValue()));
        List<String> lines = Files.readAllLines(sets);
        assertThat(lines).hasSize(121);
        assertThat(lines.get(0)).startsWith("image_id,patient_id,predicted,grades,abstains,p0");

        assertThat(run(
                        "evaluate",
                        "--predictions",
                        file.toString(),
                        "--validation",
                        folder.resolve("g.csv").toString()))
                .isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString())
                .contains("g.csv:2, column patient_id: patient is in")
                .contains(": p0 (");
    }

    @Test
    void auditEndsWithThreeWhenTheSplitLeaks() throws IOException {
        String header = "image_id,patient_id,grade,part";
        String clean = write("clean.csv", header, "1L,1,0,train", "1R,1,0,train", "2L,2,1,test")
                .toString();
        String leaking =
                write("leaking.csv", header, "1L,1,0,train", "1R,1,0,test").toString();
        assertThat(run("audit", "--images", clean)).isEqualTo(Patella.DONE);
        assertThat(run("audit", "--images", leaking, "--json")).isEqualTo(Patella.GATE_NOT_MET);
        assertThat(run("audit")).isEqualTo(Patella.BAD_INPUT);
    }

    @Test
    void compareAnswersWithTheKeysOfTheContract() throws IOException {
        String a = predictions("a.csv", 80, 5).toString();
        String b = regraded("b.csv", Path.of(a), 6).toString();
        assertThat(run("compare", "--a", a, "--b", b, "--resamples", "100", "--json"))
                .isEqualTo(Patella.DONE);
        JsonNode answer = json();
        assertThat(answer.fieldNames())
                .toIterable()
                .containsExactly("difference", "mcnemar", "delong", "further_difference", "notes");
        assertThat(answer.get("difference").fieldNames()).toIterable().containsExactlyElementsOf(METRICS);
        assertThat(answer.get("mcnemar").fieldNames()).toIterable().containsExactly("b", "c", "p");
        assertThat(answer.get("delong").fieldNames()).toIterable().containsExactly("auc_a", "auc_b", "z", "p");
        JsonNode further = answer.get("further_difference");
        assertThat(further.get("kl_ge_2_roc_auc").fieldNames())
                .toIterable()
                .containsExactly("estimate", "lower", "upper", "lower_error", "upper_error");
        assertThat(further.at("/kl_ge_2_roc_auc/estimate").doubleValue())
                .isCloseTo(
                        answer.at("/delong/auc_a").doubleValue()
                                - answer.at("/delong/auc_b").doubleValue(),
                        within(1e-12));
        assertThat(further.get("per_class")).hasSize(5);
        assertThat(further.at("/per_class/3").fieldNames())
                .toIterable()
                .containsExactly("grade", "precision", "recall", "f1");
        assertThat(answer.get("notes").toString()).contains("a and b do not both have p0..p4");

        out.getBuffer().setLength(0);
        run("compare", "--a", a, "--b", b, "--b", a, "--margin", "0.5", "--resamples", "100", "--json");
        JsonNode several = json();
        assertThat(several.get("comparisons")).hasSize(2);
        assertThat(several.at("/comparisons/0/mcnemar/p_holm").doubleValue())
                .isGreaterThanOrEqualTo(several.at("/comparisons/0/mcnemar/p").doubleValue());
        assertThat(several.at("/comparisons/1/non_inferiority/qwk").textValue()).isEqualTo("non-inferior");
        assertThat(several.at("/comparisons/1/non_inferiority").fieldNames())
                .toIterable()
                .containsExactly("margin", "qwk", "accuracy", "macro_f1", "mae");
        assertThat(several.at("/comparisons/1/further_difference/brier/non_inferiority")
                        .textValue())
                .isEqualTo("non-inferior");
    }

    @Test
    void severalComparisonsArePrintedWithHolmsCorrection() throws IOException {
        String a = predictions("a.csv", 80, 5).toString();
        String b = regraded("b.csv", Path.of(a), 6).toString();
        String c = regraded("c.csv", Path.of(a), 7).toString();
        run("compare", "--a", a, "--b", b, "--resamples", "20");
        assertThat(out.toString())
                .contains("exact p = ")
                .contains("ROC AUC, KL >= 2")
                .doesNotContain("Holm");
        out.getBuffer().setLength(0);
        run("compare", "--a", a, "--b", b, "--b", c, "--resamples", "20");
        assertThat(out.toString())
                .containsPattern("McNemar: .*exact p = \\S+, after Holm \\S+\n")
                .containsPattern("DeLong, KL >= 2: .*p = \\S+, after Holm \\S+\n")
                .contains("Holm's correction is over the 2 comparisons");
    }

    @Test
    void filesWithoutTheSameImagesAreRefusedByName() throws IOException {
        String a = write("a.csv", "image_id,patient_id,grade,predicted", "x,p,1,2", "y,q,2,2")
                .toString();
        String b = write("b.csv", "image_id,patient_id,grade,predicted", "x,p,1,2", "z,q,2,2")
                .toString();
        assertThat(run("compare", "--a", a, "--b", b)).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString())
                .containsPattern("b\\.csv:3, column image_id: image is not in \\S*a\\.csv: z \\(")
                .containsPattern("a\\.csv:3, column image_id: image is not in \\S*b\\.csv: y \\(");
        String c = write("c.csv", "image_id,patient_id,grade,predicted", "x,p,3,2", "y,q,2,2")
                .toString();
        assertThat(run("compare", "--a", a, "--b", c)).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("c.csv:2, column grade: reference grade of x is 1 in");
    }

    @Test
    void agreementReadsLongAndWideTheSame() throws IOException {
        Path wide = write("wide.csv", "image_id,readerA,readerB,note", "x,1,2,good", "y,2,2,", "z,,3,");
        Path tall = write(
                "long.csv",
                "image_id,reader,grade",
                "x,readerA,1",
                "y,readerA,2",
                "x,readerB,2",
                "y,readerB,2",
                "z,readerB,3");
        run("agreement", "--readings", wide.toString(), "--json");
        String first = out.toString();
        JsonNode answer = json();
        assertThat(answer.at("/pairs/0/images").intValue()).isEqualTo(2);
        assertThat(answer.at("/pairs/0/percent_agreement").doubleValue()).isEqualTo(0.5);
        assertThat(answer.get("fleiss_kappa").isNull()).isTrue();
        assertThat(answer.get("notes").toString()).contains("fleiss_kappa: not every reader read every image");
        for (String key : List.of("readers", "images", "pairs", "krippendorff_alpha_ordinal", "icc2_1", "icc3_1")) {
            assertThat(answer.has(key)).as(key).isTrue();
        }
        out.getBuffer().setLength(0);
        run("agreement", "--readings", tall.toString(), "--json");
        assertThat(out.toString()).isEqualTo(first);
        assertThat(run("agreement", "--readings", tall.toString(), "--readers", "readerA,nobody"))
                .isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("no such reader: nobody");
    }

    @Test
    void tuneCutpointsAnswersWithTheKeysOfTheContract() throws IOException {
        Path file =
                write("f.csv", "grade,ord0,ord1,ord2,ord3", "0,0.2,0.1,0,0", "1,0.6,0.2,0.1,0", "4,0.9,0.9,0.8,0.75");
        assertThat(run("tune-cutpoints", "--predictions", file.toString(), "--json"))
                .isEqualTo(Patella.DONE);
        JsonNode answer = json();
        assertThat(answer.fieldNames()).toIterable().containsExactly("cutpoints", "qwk", "plateau", "notes");
        assertThat(answer.get("qwk").doubleValue()).isEqualTo(1);
        assertThat(answer.at("/plateau/minimum")).hasSize(4);

        out.getBuffer().setLength(0);
        Path undefined = write("g.csv", "grade,ord0,ord1,ord2,ord3", "0,0.2,0.1,0,0");
        run("tune-cutpoints", "--predictions", undefined.toString(), "--json");
        assertThat(json().get("cutpoints")).hasToString("[0.5,0.5,0.5,0.5]");
        assertThat(json().get("qwk").isNull()).isTrue();

        Path bad = write("h.csv", "grade,ord0,ord1,ord2,ord3", "0,0.2,0.1,0,-0.1");
        assertThat(run("tune-cutpoints", "--predictions", bad.toString())).isEqualTo(Patella.BAD_INPUT);
        assertThat(err.toString()).contains("h.csv:2, column ord3: outside 0.0..1.0: -0.1");
    }

    private Path predictions(String name, int images, long seed) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of("image_id,patient_id,grade,predicted,p0,p1,p2,p3,p4"));
        for (int i = 0; i < images; i++) {
            int grade = random.nextInt(5);
            int predicted = Math.max(0, Math.min(4, grade + random.nextInt(3) - 1));
            StringBuilder line = new StringBuilder("i" + i + ",p" + i / 2 + "," + grade + "," + predicted);
            for (int k = 0; k < 5; k++) {
                line.append(k == predicted ? ",0.6" : ",0.1");
            }
            lines.add(line.toString());
        }
        return Files.write(folder.resolve(name), lines);
    }

    private Path regraded(String name, Path file, long seed) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of("image_id,patient_id,grade,predicted,p_kl_ge_2"));
        for (String line : Files.readAllLines(file).subList(1, 81)) {
            String[] cells = line.split(",", -1);
            lines.add(cells[0] + "," + cells[1] + "," + cells[2] + "," + random.nextInt(5) + "," + random.nextDouble());
        }
        return Files.write(folder.resolve(name), lines);
    }

    private Path write(String name, String... lines) throws IOException {
        return Files.write(folder.resolve(name), List.of(lines));
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out.toString());
    }

    private int run(String... arguments) {
        CommandLine line = Patella.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
