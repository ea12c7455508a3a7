package io.patella.jobs.job.report;

import io.patella.jobs.job.Training;
import io.patella.report.facts.Curve;
import io.patella.report.facts.Provenance;
import io.patella.report.facts.TrainingHistory;
import io.patella.tables.row.ModelRow;
import io.patella.tables.row.RunRow;
import io.patella.tables.row.TrainingHistoryRow;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What {@code runs}, {@code models} and {@code training_history} say. */
final class RunFacts {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** The metrics of a learning curve that are worth a plot, in this order; others would only repeat them. */
    private static final List<String> PLOTTED = List.of("loss", "accuracy", "qwk");

    /** Metrics of the averaged weights start so. */
    private static final String AVERAGE = "ema_";

    private RunFacts() {}

    /** The day of the newest of these runs, as the page prints it. */
    static String date(List<RunRow> runs) {
        return runs.stream()
                .max(Comparator.comparing(RunRow::endedAt))
                .map(run -> DAY.format(run.endedAt()))
                .orElse("unknown");
    }

    static Provenance provenance(
            List<RunRow> runs,
            List<ModelRow> models,
            Map<String, String> names,
            Map<String, ? extends Collection<String>> modes,
            Map<String, Long> snapshots) {
        Map<String, String> software = new TreeMap<>();
        Set<String> commits = new TreeSet<>();
        List<Provenance.Run> shown = new ArrayList<>();
        for (RunRow run : runs) {
            software.putAll(run.versions());
            if (run.commit() != null) {
                commits.add(run.commit());
            }
            shown.add(new Provenance.Run(
                    run.runId(),
                    run.job(),
                    MINUTE.format(run.startedAt()),
                    run.outcome().replace('_', ' '),
                    text(run.snapshotsRead()),
                    text(run.snapshotsWritten()),
                    run.conf()));
        }
        List<Provenance.ModelIdentity> identities = new ArrayList<>();
        for (ModelRow model : models) {
            Collection<String> used = modes.get(model.model());
            identities.add(new Provenance.ModelIdentity(
                    names.getOrDefault(model.model(), model.name()),
                    model.model(),
                    model.architecture(),
                    model.preparation(),
                    used == null ? "" : String.join(", ", used)));
        }
        return new Provenance(
                shown,
                identities,
                text(snapshots),
                software,
                commits.isEmpty() ? "unknown" : String.join(", ", commits));
    }

    private static Map<String, String> text(Map<String, Long> snapshots) {
        Map<String, String> text = new TreeMap<>();
        snapshots.forEach((table, snapshot) -> text.put(table, Long.toString(snapshot)));
        return text;
    }

    /** Why a training ended, from its run's counts; null where they do not say. */
    static @Nullable String stopped(Map<String, Long> counts) {
        Long epochs = counts.get(Training.EPOCHS);
        Long allowed = counts.get(Training.EPOCHS_ALLOWED);
        Long best = counts.get(Training.BEST_EPOCH);
        if (epochs == null || allowed == null || best == null) {
            return null;
        }
        return epochs >= allowed
                ? "all " + epochs + " epochs done"
                : "no better validation QWK in " + (epochs - best) + " epochs after epoch " + best + ", of " + allowed
                        + " allowed";
    }

    /**
     * Learning curves of a model; empty when nothing was written down.
     *
     * @param stopped why its training ended; null where that is not known
     */
    static Optional<TrainingHistory> history(String name, @Nullable String stopped, List<TrainingHistoryRow> rows) {
        Map<String, Map<String, List<Curve.Point>>> curves = new LinkedHashMap<>();
        PLOTTED.forEach(metric -> curves.put(metric, new TreeMap<>()));
        int best = 0;
        double highest = Double.NEGATIVE_INFINITY;
        List<TrainingHistoryRow> sorted = rows.stream()
                .sorted(Comparator.comparingInt(TrainingHistoryRow::epoch))
                .toList();
        for (TrainingHistoryRow row : sorted) {
            boolean average = row.metric().startsWith(AVERAGE);
            String metric = average ? row.metric().substring(AVERAGE.length()) : row.metric();
            String part = average ? row.part() + " (EMA)" : row.part();
            Map<String, List<Curve.Point>> parts = curves.get(metric);
            Double value = row.value();
            if (parts == null || value == null || !Double.isFinite(value)) {
                continue;
            }
            parts.computeIfAbsent(part, words -> new ArrayList<>()).add(new Curve.Point(row.epoch(), value));
            if (metric.equals("qwk") && row.part().equals("validation") && value > highest) {
                highest = value;
                best = row.epoch();
            }
        }
        List<TrainingHistory.Series> series = new ArrayList<>();
        curves.forEach((metric, parts) ->
                parts.forEach((words, points) -> series.add(new TrainingHistory.Series(metric, words, points))));
        return series.isEmpty() ? Optional.empty() : Optional.of(new TrainingHistory(name, stopped, best, series));
    }
}
