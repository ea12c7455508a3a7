package io.patella.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditPaperTest {
    private static final Path SHIPPED = Path.of(System.getProperty("patella.root", ".."), "conf", "audit-paper");

    @TempDir
    private Path folder;

    @Test
    void everyKnownContradictionOfTheFirstPaperIsFoundWithItsArithmetic() {
        AuditPaper.Answer answer = AuditPaper.run(SHIPPED.resolve("kl-fusenet.yaml"));
        assertThat(answer.verdict()).isEqualTo("contradicts");
        List<String> contradictions = answer.checks().stream()
                .filter(each -> each.verdict().equals("contradicts"))
                .map(each -> each.check() + ": " + each.arithmetic())
                .toList();
        for (String known : List.of(
                "are together 898 of 1239, an accuracy of 0.7248; printed: 0.703, which is 871 right",
                "are together 1295.9 (with rounding 1294.8 to 1296.9); there are 1239 images",
                "no whole number of predictions with 146 right ones has a precision of 0.796: 146/183 = 0.7978,"
                        + " 146/184 = 0.7935",
                "no whole number of predictions with 33 right ones has a precision of 0.944",
                "= 0.4769, with rounding 0.4763 to 0.4774; printed: 0.472",
                "= 0.9173, with rounding 0.9168 to 0.9178; printed: 0.914",
                "is 0.7414; printed: 0.724",
                "0.724 - 0.634 = 0.09; printed: 0.107",
                "so MAE is 0.2825 to 0.3019; printed: 0.313",
                "619 patients with at most 2 images each have between 619 and 1238 images",
                "of 70/15/15 of the image counts is 0.75",
                "no one rule of rounding gives the sizes of all cohorts",
                "so they do not overlap (0.009 apart)",
                "printed: 0.703; 70.4 %, which is not the same",
                "printed: probabilities; logits, which is not the same",
                "so 0.6782 to 0.7158; printed: 0.660 to 0.710",
                "so 0.7578 to 0.8422; printed: 0.708 to 0.831")) {
            assertThat(contradictions).as(known).anyMatch(each -> each.contains(known.replace("of 70", "from 70")));
        }
        assertThat(answer.checks())
                .anyMatch(each -> each.subject().startsWith("DualHead-4C")
                        && each.arithmetic().startsWith("not [0, 1, 2, 3], so distances count"));
    }

    @Test
    void thePaperThatAddsUpIsLeftInPeace() {
        AuditPaper.Answer answer = AuditPaper.run(SHIPPED.resolve("chavoshi.yaml"));
        assertThat(answer.verdict()).isEqualTo("consistent");
        assertThat(answer.checks()).extracting(AuditPaper.Check::verdict).containsOnly("consistent");
        assertThat(answer.markdown()).contains("grade shares under which predicted shares");
    }

    @Test
    void unknownKeysAndImpossibleValuesAreRefused() throws IOException {
        Path typo = Files.writeString(folder.resolve("a.yaml"), "title: x\nresults:\n  - {name: y, recal: [1]}\n");
        assertThatThrownBy(() -> AuditPaper.run(typo))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("unknown key: results.recal (did you mean results.recall?)");
        Path uneven = Files.writeString(
                folder.resolve("b.yaml"), "title: x\nresults:\n  - {name: y, recall: [1, 0], f1: [1]}\n");
        assertThatThrownBy(() -> AuditPaper.run(uneven)).hasMessageContaining("y: columns of different length");
        Path interval = Files.writeString(
                folder.resolve("c.yaml"), "title: x\nresults:\n  - {name: y, intervals: {qwk: [0.9, 0.8]}}\n");
        assertThatThrownBy(() -> AuditPaper.run(interval)).hasMessageContaining("not an interval: [0.9, 0.8]");
        Path percent =
                Files.writeString(folder.resolve("d.yaml"), "title: x\nresults:\n  - {name: y, recall: [79.5]}\n");
        assertThatThrownBy(() -> AuditPaper.run(percent)).hasMessageContaining("recall must lie in 0..1");
    }

    @Test
    void aFileThatIsNotThereIsNamedAsTheCommandNamesIt() {
        assertThatThrownBy(() -> AuditPaper.run(folder.resolve("none.yaml")))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("FILE.yaml: no such file: " + folder.resolve("none.yaml"));
    }

    @Test
    void aFileWithoutATitleLacksAKey() throws IOException {
        Path file = Files.writeString(folder.resolve("e.yaml"), "results: [{accuracy: 0.7}]\n");
        assertThatThrownBy(() -> AuditPaper.run(file))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": key without a value: results.name (write name: VALUE)\n" + file
                        + ": key without a value: title (write title: VALUE)");
    }

    @Test
    void aTitleAloneIsNothingToAudit() throws IOException {
        for (String more : List.of("", "results: [{name: y}]\n")) {
            Path file = Files.writeString(folder.resolve("f.yaml"), "title: x\n" + more);
            assertThatThrownBy(() -> AuditPaper.run(file))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("f.yaml: holds nothing that can be audited, only the title: x (write what")
                    .hasMessageContaining("conf/audit-paper/ holds two examples");
        }
    }
}
