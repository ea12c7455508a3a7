package io.patella.jobs.job;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.cohort.split.Assignment;
import io.patella.cohort.split.Parts;
import io.patella.cohort.split.Patient;
import io.patella.cohort.split.PatientSplit;
import io.patella.cohort.split.Ratios;
import io.patella.cohort.split.SplitReport;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Cross-validation by patient as named splits: {@code fold-I-of-K} has the fold I as its test part, the next one as its validation part
 * and all others to learn from, so that train, grade and evaluate work on a fold as on any split. The folds are cut off one after the
 * other by the rule of {@code split}: strata alike, patients who share a picture together.
 */
final class FoldSplits {
    private FoldSplits() {}

    /**
     * Makes the splits, or finds that they stand already.
     *
     * @return their names
     * @throws InputException when there are fewer patients than folds, or the splits stand and are others
     */
    static List<String> make(JobRun run, String cohort, int folds, long seed) {
        List<Patient> patients = Patient.from(SplitJob.gradedImages(
                run.warehouse().read(RadiographRow.TABLE, cohort),
                run.warehouse().read(ReferenceGradeRow.TABLE, cohort)));
        if (folds < 3 || patients.size() < folds) {
            throw new InputException(
                    "folds",
                    "need at least 3, and a patient each",
                    folds,
                    "there are " + patients.size() + " patients");
        }
        List<List<Assignment>> cut = cut(patients, folds, seed);
        Map<String, Map<String, Part>> standing =
                run.warehouse().collect(PartRow.TABLE, run.warehouse().read(PartRow.TABLE, cohort)).stream()
                        .collect(Collectors.groupingBy(
                                PartRow::split, Collectors.toMap(PartRow::patientId, PartRow::part)));
        List<String> names = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            String name = "fold-" + (fold + 1) + "-of-" + folds;
            names.add(name);
            Parts parts = parts(cut, fold);
            SplitReport.of(patients, parts).demandByPatient();
            Map<String, Part> before = standing.get(name);
            if (before == null) {
                run.count(run.warehouse()
                        .append(
                                PartRow.TABLE,
                                parts.assignments().stream()
                                        .map(each -> new PartRow(
                                                cohort, name, each.patientId(), each.stratum(), each.part(), run.id()))
                                        .toList()));
            } else if (!before.equals(parts.byPatient())) {
                throw new InputException(
                        "split " + name + " of " + cohort,
                        "stands already and would change",
                        patients.size() + " patients, seed " + seed,
                        "a patient never moves between parts; use another number of folds, or the old seed");
            }
        }
        return names;
    }

    static List<List<Assignment>> cut(List<Patient> patients, int folds, long seed) {
        List<List<Assignment>> cut = new ArrayList<>();
        List<Patient> left = patients;
        for (int rest = folds - 1; rest > 0; rest--) {
            Map<Part, List<Assignment>> parts =
                    PatientSplit.seeded(seed).ratios(new Ratios(rest, 0, 1)).assign(left).assignments().stream()
                            .collect(Collectors.groupingBy(Assignment::part));
            cut.add(parts.getOrDefault(Part.TEST, List.of()));
            Map<String, Assignment> kept = parts.getOrDefault(Part.TRAIN, List.of()).stream()
                    .collect(Collectors.toMap(Assignment::patientId, each -> each));
            left = left.stream()
                    .filter(each -> kept.containsKey(each.patientId()))
                    .toList();
        }
        cut.add(left.stream()
                .map(each -> new Assignment(each.patientId(), each.stratum(), Part.TEST))
                .toList());
        return cut;
    }

    private static Parts parts(List<List<Assignment>> cut, int test) {
        List<Assignment> all = new ArrayList<>();
        for (int fold = 0; fold < cut.size(); fold++) {
            Part part = fold == test ? Part.TEST : fold == (test + 1) % cut.size() ? Part.VALIDATION : Part.TRAIN;
            cut.get(fold).forEach(each -> all.add(new Assignment(each.patientId(), each.stratum(), part)));
        }
        return Parts.given(all);
    }
}
