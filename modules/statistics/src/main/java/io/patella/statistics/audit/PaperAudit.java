package io.patella.statistics.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Holds a paper's printed figures against each other, against any integer confusion matrix and against any split by patient.
 * A printed figure stands for every number that rounds to it; a contradiction is one that no rounding explains.
 */
public final class PaperAudit {
    private PaperAudit() {}

    /** All findings: cohorts first, then results in the order of the file, then sentences. */
    public static List<Finding> of(PaperClaims claims) {
        List<Finding> findings = new ArrayList<>();
        List<PaperClaims.Cohort> cohorts = claims.cohorts() == null ? List.of() : claims.cohorts();
        List<PaperClaims.Result> results = claims.results() == null ? List.of() : claims.results();
        cohorts.forEach(each -> findings.addAll(new CohortChecks(each).findings()));
        CohortChecks.oneRule(cohorts, findings);
        results.forEach(each -> findings.addAll(new ResultChecks(each).findings()));
        Map<String, List<PaperClaims.Result>> together = new LinkedHashMap<>();
        for (PaperClaims.Result each : results) {
            if (each.sameImagesAs() != null) {
                together.computeIfAbsent(each.sameImagesAs(), none -> new ArrayList<>())
                        .add(each);
            }
        }
        together.forEach((name, group) -> ShareChecks.commonShares(name, group, findings));
        if (claims.overlaps() != null) {
            claims.overlaps().forEach(each -> findings.add(overlap(each)));
        }
        if (claims.differences() != null) {
            claims.differences().forEach(each -> findings.add(difference(each)));
        }
        if (claims.repeated() != null) {
            claims.repeated().forEach(each -> findings.add(repeated(each)));
        }
        return List.copyOf(findings);
    }

    private static Finding overlap(PaperClaims.Overlap said) {
        double lower = Math.max(said.one().get(0), said.other().get(0));
        double upper = Math.min(said.one().get(1), said.other().get(1));
        boolean overlap = lower <= upper;
        String arithmetic = said.one() + " and " + said.other() + ": the larger lower bound is " + Printed.number(lower)
                + ", the smaller upper bound is " + Printed.number(upper) + ", so they "
                + (overlap ? "overlap" : "do not overlap (" + Printed.number(lower - upper) + " apart)");
        return new Finding(
                "\"" + said.sentence() + "\"",
                "two intervals said " + (said.saidToOverlap() ? "" : "not ") + "to overlap",
                overlap == said.saidToOverlap() ? Verdict.CONSISTENT : Verdict.CONTRADICTS,
                arithmetic);
    }

    private static Finding difference(PaperClaims.Difference said) {
        int decimals = said.decimals() == null ? 3 : said.decimals();
        double real = said.minuend() - said.subtrahend();
        // each of the two was rounded, and so was the difference
        Printed possible = Printed.of(real, decimals);
        Printed wide = new Printed(2 * possible.lower() - real, 2 * possible.upper() - real);
        boolean fits = wide.meets(Printed.of(said.difference(), decimals));
        return new Finding(
                "\"" + said.sentence() + "\"",
                "difference of two printed figures",
                fits ? Verdict.CONSISTENT : Verdict.CONTRADICTS,
                Printed.number(said.minuend()) + " - " + Printed.number(said.subtrahend()) + " = "
                        + Printed.number(real) + "; printed: " + Printed.number(said.difference()));
    }

    private static Finding repeated(PaperClaims.Repeated said) {
        boolean same = true;
        for (String one : said.values()) {
            for (String other : said.values()) {
                same &= sameFigure(one, other);
            }
        }
        return new Finding(
                said.what(),
                "given in several places",
                same ? Verdict.CONSISTENT : Verdict.CONTRADICTS,
                "printed: " + String.join("; ", said.values())
                        + (same ? ", one figure in different rounding" : ", which is not the same"));
    }

    private static boolean sameFigure(String one, String other) {
        try {
            Printed a = parse(one);
            Printed b = parse(other);
            // touching is not enough: no number rounds both up and down
            return one.strip().equals(other.strip())
                    || Math.min(a.upper(), b.upper()) - Math.max(a.lower(), b.lower()) > 1e-9;
        } catch (NumberFormatException e) {
            return one.strip().toLowerCase(Locale.ROOT).equals(other.strip().toLowerCase(Locale.ROOT));
        }
    }

    private static Printed parse(String text) {
        String bare = text.strip();
        boolean percent = bare.endsWith("%");
        String digits = percent ? bare.substring(0, bare.length() - 1).strip() : bare;
        double value = Double.parseDouble(digits);
        int decimals = digits.contains(".") ? digits.length() - digits.indexOf('.') - 1 : 0;
        return percent ? Printed.of(value / 100, decimals + 2) : Printed.of(value, decimals);
    }
}
