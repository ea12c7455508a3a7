package io.patella.jobs.files;

import io.patella.network.architecture.TorchvisionNames;
import io.patella.network.weights.SafetensorsReader;
import io.patella.network.weights.Tensor;
import io.patella.network.weights.WeightsFit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code patella weights check}: whether the tensors of a file are those of a network. */
public final class CheckWeights {
    private CheckWeights() {}

    /**
     * The answer.
     *
     * @param file as given
     * @param network name of the network
     * @param fits whether every tensor fits
     * @param places tensors that the network has
     * @param counts number of tensors with each fault
     * @param findings every tensor that does not fit
     */
    public record Check(
            String file, String network, boolean fits, int places, Map<String, Long> counts, List<Row> findings) {
        /** A table for people. */
        public String text() {
            if (fits) {
                return file + ": every tensor of " + network + " is there and fits\n";
            }
            TextTable table = new TextTable("tensor", "fault", "expected", "found");
            findings.forEach(row -> table.row(row.tensor, row.fault, row.expected, row.found));
            StringBuilder summary = new StringBuilder();
            counts.forEach((fault, count) -> {
                if (count > 0) {
                    summary.append(summary.isEmpty() ? "" : ", ")
                            .append(count)
                            .append(' ')
                            .append(fault);
                }
            });
            return table.text() + file + " does not fit " + network + ": " + summary + "\n";
        }
    }

    /**
     * One tensor that does not fit.
     *
     * @param tensor its name
     * @param fault a word for {@link WeightsFit.Fault}
     * @param expected what the network wants
     * @param found what the file has
     */
    public record Row(String tensor, String fault, String expected, String found) {}

    /** Compares {@code file} with {@code choice}. */
    public static Check of(NetworkChoice choice, Path file) throws IOException {
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            Map<String, Tensor> tensors = TorchvisionNames.toTimm(reader.tensors());
            Map<String, WeightsFit.Place> places = NetworkChoice.places(choice.network(tensors));
            WeightsFit fit = WeightsFit.of(places, tensors);
            Map<String, Long> counts = new TreeMap<>();
            fit.counts().forEach((fault, count) -> counts.put(word(fault), count));
            return new Check(
                    file.toString(),
                    choice.name(),
                    fit.fits(),
                    places.size(),
                    counts,
                    fit.findings().stream()
                            .map(f -> new Row(f.tensor(), word(f.fault()), f.expected(), f.found()))
                            .toList());
        }
    }

    private static String word(WeightsFit.Fault fault) {
        return fault.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
