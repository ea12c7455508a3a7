package io.patella.jobs.job.report;

import static org.apache.spark.sql.functions.col;

import io.patella.tables.Warehouse;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.QuarantineRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReadingRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A cohort as the report needs it: everything but pixels and grades, on the driver, sorted so that the order of rows in the
 * tables does not matter.
 */
record CohortRows(
        String cohort,
        List<RadiographRow> radiographs,
        Map<String, ReferenceGradeRow> references,
        List<PartRow> partRows,
        Map<String, Map<String, PartRow>> parts,
        List<ReadingRow> readings,
        List<QuarantineRow> quarantine,
        Set<String> graded) {
    static CohortRows read(Warehouse warehouse, String cohort) {
        List<RadiographRow> radiographs = warehouse.collect(RadiographRow.TABLE, cohort).stream()
                .sorted(Comparator.comparing(RadiographRow::imageId))
                .toList();
        Map<String, ReferenceGradeRow> references = new HashMap<>();
        warehouse.collect(ReferenceGradeRow.TABLE, cohort).forEach(row -> references.put(row.imageId(), row));
        Map<String, Map<String, PartRow>> parts = new TreeMap<>();
        List<PartRow> partRows = warehouse.collect(PartRow.TABLE, cohort);
        partRows.forEach(row ->
                parts.computeIfAbsent(row.split(), split -> new TreeMap<>()).put(row.patientId(), row));
        List<ReadingRow> readings = warehouse.collect(ReadingRow.TABLE, cohort).stream()
                .sorted(Comparator.comparing(ReadingRow::imageId)
                        .thenComparing(ReadingRow::reader)
                        .thenComparing(row -> row.stage() == null ? "" : row.stage())
                        .thenComparing(ReadingRow::reading))
                .toList();
        Set<String> graded = new HashSet<>();
        warehouse
                .read(GradeRow.TABLE, cohort)
                .select(col("image_id"))
                .distinct()
                .collectAsList()
                .forEach(row -> graded.add(row.getString(0)));
        return new CohortRows(
                cohort,
                radiographs,
                references,
                partRows,
                parts,
                readings,
                warehouse.collect(QuarantineRow.TABLE, cohort),
                graded);
    }

    /** The split that is meant where none is named: ours, else the first of the others; null when there is none. */
    @Nullable
    String split() {
        return parts.containsKey(PartRow.DEFAULT_SPLIT)
                ? PartRow.DEFAULT_SPLIT
                : parts.keySet().stream().findFirst().orElse(null);
    }

    /** The word of the part of a patient in a split; null when the split does not know the patient. */
    @Nullable
    String part(@Nullable String split, String patient) {
        PartRow row = split == null ? null : parts.getOrDefault(split, Map.of()).get(patient);
        return row == null ? null : row.part().word();
    }

    /** Phantom cohorts say so in their name or in the column {@code device}. */
    boolean isPhantom() {
        return saysPhantom(cohort)
                || radiographs.stream().anyMatch(row -> row.device() != null && saysPhantom(row.device()));
    }

    private static boolean saysPhantom(String text) {
        return text.toLowerCase(Locale.ROOT).contains("phantom");
    }
}
