package io.patella.imaging;

import io.patella.imaging.Decoded.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Microseconds a file of what ingest does with pictures in memory, one thread, least of the rounds: {@code DecoderBench FOLDER .jpg 700}. */
final class DecoderBench {
    private static final int ROUNDS = 12;

    private DecoderBench() {}

    /**
     * Measures and prints.
     *
     * @param arguments folder, end of the names, how many files at most
     */
    public static void main(String[] arguments) throws IOException {
        List<byte[]> files = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(Path.of(arguments[0]))) {
            for (Path path : paths.filter(each -> each.toString().endsWith(arguments[1]))
                    .sorted()
                    .limit(Integer.parseInt(arguments[2]))
                    .toList()) {
                files.add(Files.readAllBytes(path));
            }
        }
        long seen = 0; // keeps the work from being left out
        double[] least = new double[4];
        for (int round = 0; round < ROUNDS; round++) {
            List<Picture> pictures = new ArrayList<>();
            long start = System.nanoTime();
            for (byte[] file : files) {
                pictures.add(Decoder.strict().decode(file).fold(picture -> picture, quarantined -> {
                    throw new IllegalArgumentException(quarantined.detail());
                }));
            }
            long decoded = System.nanoTime();
            for (int i = 0; i < files.size(); i++) {
                seen += Sha256.hex(files.get(i)).length()
                        + pictures.get(i).pixels().sha256().length();
            }
            long hashed = System.nanoTime();
            for (Picture picture : pictures) {
                seen += QualityFlags.of(picture.pixels()).hashCode();
            }
            long flagged = System.nanoTime();
            for (int i = 0; i < files.size(); i++) {
                seen += PictureBytes.of(files.get(i), pictures.get(i)).length;
            }
            long[] ends = {start, decoded, hashed, flagged, System.nanoTime()};
            for (int i = 0; i < least.length; i++) {
                double micros = (ends[i + 1] - ends[i]) / 1e3 / files.size();
                least[i] = round == 0 ? micros : Math.min(least[i], micros);
            }
        }
        System.out.printf(
                "%d files %s: decoding %.0f, SHA-256 of file and pixels %.0f, flags %.0f, bytes to store %.0f microseconds (%x)%n",
                files.size(), arguments[1], least[0], least[1], least[2], least[3], seen);
    }
}
