package io.patella.statistics.agreement;

import io.patella.statistics.Figure;
import io.patella.statistics.metrics.Confusion;
import io.patella.statistics.metrics.Metric;
import io.patella.statistics.metrics.Weighting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far readers agree.
 *
 * @param readers names
 * @param images number of images
 * @param pairs every pair of readers, in the order of the readers
 * @param fleissKappa of all readers; needs complete readings
 * @param krippendorffAlphaOrdinal of all readers; gaps are allowed
 * @param krippendorffAlphaNominal likewise
 * @param krippendorffAlphaInterval likewise
 * @param intraclassCorrelation of all readers; needs complete readings
 * @param notes why what is undefined is so
 */
public record Agreement(
        List<String> readers,
        int images,
        List<ReaderPair> pairs,
        Figure fleissKappa,
        Figure krippendorffAlphaOrdinal,
        Figure krippendorffAlphaNominal,
        Figure krippendorffAlphaInterval,
        IntraclassCorrelation intraclassCorrelation,
        List<String> notes) {
    public Agreement {
        readers = List.copyOf(readers);
        pairs = List.copyOf(pairs);
        notes = List.copyOf(notes);
    }

    /** Agreement of the readers of a matrix. */
    public static Agreement of(ReadingMatrix readings) {
        List<ReaderPair> pairs = new ArrayList<>();
        for (int a = 0; a < readings.readers().size(); a++) {
            for (int b = a + 1; b < readings.readers().size(); b++) {
                pairs.add(pair(readings, a, b));
            }
        }
        Figure fleiss = Figure.undefined("not every reader read every image");
        IntraclassCorrelation correlation = IntraclassCorrelation.undefined("not every reader read every image");
        if (readings.images().isEmpty()) {
            fleiss = Figure.undefined("no image");
            correlation = IntraclassCorrelation.undefined("no image");
        } else if (readings.isComplete()) {
            fleiss = FleissKappa.of(readings.grades());
            correlation = IntraclassCorrelation.of(readings.grades());
        }
        Figure ordinal = KrippendorffAlpha.of(readings.grades(), KrippendorffAlpha.Scale.ORDINAL);
        List<String> notes = new ArrayList<>();
        for (ReaderPair pair : pairs) {
            String name = pair.first() + " and " + pair.second();
            note(notes, name + ", percent_agreement", pair.percentAgreement());
            note(notes, name + ", kappa, kappa_linear, kappa_quadratic", pair.kappaQuadratic());
        }
        note(notes, "fleiss_kappa", fleiss);
        note(notes, "krippendorff_alpha_ordinal", ordinal);
        note(notes, "icc2_1, icc3_1", correlation.icc21());
        return new Agreement(
                readings.readers(),
                readings.images().size(),
                pairs,
                fleiss,
                ordinal,
                KrippendorffAlpha.of(readings.grades(), KrippendorffAlpha.Scale.NOMINAL),
                KrippendorffAlpha.of(readings.grades(), KrippendorffAlpha.Scale.INTERVAL),
                correlation,
                notes);
    }

    private static ReaderPair pair(ReadingMatrix readings, int a, int b) {
        int[][] both = Arrays.stream(readings.grades())
                .filter(row -> row[a] != ReadingMatrix.NOT_READ && row[b] != ReadingMatrix.NOT_READ)
                .toArray(int[][]::new);
        int[] first = Arrays.stream(both).mapToInt(row -> row[a]).toArray();
        int[] second = Arrays.stream(both).mapToInt(row -> row[b]).toArray();
        Confusion table = Confusion.of(first, second);
        return new ReaderPair(
                readings.readers().get(a),
                readings.readers().get(b),
                both.length,
                table.figure(Metric.ACCURACY),
                table.adjacentAccuracy(),
                table.kappa(Weighting.UNWEIGHTED),
                table.kappa(Weighting.LINEAR),
                table.kappa(Weighting.QUADRATIC),
                table.kappaStandardError(Weighting.UNWEIGHTED),
                table.kappaStandardError(Weighting.LINEAR),
                table.kappaStandardError(Weighting.QUADRATIC));
    }

    private static void note(List<String> notes, String name, Figure figure) {
        String reason = figure.reason();
        if (reason != null) {
            notes.add(name + ": " + reason);
        }
    }
}
