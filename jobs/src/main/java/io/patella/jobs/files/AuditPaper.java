package io.patella.jobs.files;

import io.patella.cohort.InputException;
import io.patella.jobs.conf.Conf;
import io.patella.statistics.audit.Finding;
import io.patella.statistics.audit.PaperAudit;
import io.patella.statistics.audit.PaperClaims;
import io.patella.statistics.audit.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code patella audit-paper}: are a paper's printed figures consistent with each other and with anything that could be? */
public final class AuditPaper {
    /** What the command calls its argument. */
    public static final String FILE = "FILE.yaml";

    private AuditPaper() {}

    /**
     * What the command answers with {@code --json}.
     *
     * @param title of the paper
     * @param source where the figures were read
     * @param verdict contradicts if any finding does, else consistent
     * @param findings how many there are of each verdict
     * @param checks every check with its verdict and arithmetic
     * @param notes remarks
     */
    public record Answer(
            String title,
            @Nullable String source,
            String verdict,
            Map<String, Integer> findings,
            List<Check> checks,
            List<String> notes) {
        /** The findings as Markdown: contradictions first, then what cannot be told, then what is consistent. */
        public String markdown() {
            StringBuilder text = new StringBuilder("# Audit: " + title + "\n\n");
            if (source != null) {
                text.append("Figures from: ").append(source).append(".\n");
            }
            text.append("Each printed figure stands for every number that rounds to it.\n\n");
            findings.forEach((word, count) ->
                    text.append("- ").append(word).append(": ").append(count).append('\n'));
            for (Verdict verdict : List.of(Verdict.CONTRADICTS, Verdict.CANNOT_BE_TOLD, Verdict.CONSISTENT)) {
                List<Check> of = checks.stream()
                        .filter(each -> each.verdict.equals(verdict.word()))
                        .toList();
                if (of.isEmpty()) {
                    continue;
                }
                String word = verdict.word();
                text.append("\n## ")
                        .append(Character.toUpperCase(word.charAt(0)))
                        .append(word.substring(1))
                        .append("\n\n");
                of.forEach(each -> text.append("- **")
                        .append(each.subject)
                        .append("**, ")
                        .append(each.check)
                        .append(": ")
                        .append(each.arithmetic)
                        .append(".\n"));
            }
            return text.toString();
        }
    }

    /** One check. */
    public record Check(String subject, String check, String verdict, String arithmetic) {}

    /**
     * Reads the claims and checks them.
     *
     * @throws InputException when there is no such file, it does not fit, or nothing in it can be checked
     */
    public static Answer run(Path claims) {
        PaperClaims paper = Conf.read(FILE, claims, PaperClaims.class, List.of());
        List<Finding> found = PaperAudit.of(paper);
        if (found.isEmpty()) {
            throw new InputException(
                    claims.toString(),
                    "holds nothing that can be audited, only the title",
                    paper.title(),
                    "write what the paper prints under cohorts, results, overlaps, differences or repeated;"
                            + " conf/audit-paper/ holds two examples");
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Verdict verdict : List.of(Verdict.CONTRADICTS, Verdict.CANNOT_BE_TOLD, Verdict.CONSISTENT)) {
            counts.put(verdict.word(), (int)
                    found.stream().filter(each -> each.verdict() == verdict).count());
        }
        List<Check> checks = new ArrayList<>();
        found.forEach(each -> checks.add(
                new Check(each.subject(), each.check(), each.verdict().word(), each.arithmetic())));
        boolean contradicts = found.stream().anyMatch(each -> each.verdict() == Verdict.CONTRADICTS);
        return new Answer(
                paper.title(),
                paper.source(),
                (contradicts ? Verdict.CONTRADICTS : Verdict.CONSISTENT).word(),
                counts,
                checks,
                List.of());
    }

    /** Writes a report. */
    public static void write(String report, Path out) {
        try {
            Files.writeString(out, report);
        } catch (IOException e) {
            throw new InputException("--out", "not writable", out, e.toString());
        }
    }
}
