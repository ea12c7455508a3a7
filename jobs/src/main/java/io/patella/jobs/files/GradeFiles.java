package io.patella.jobs.files;

import io.patella.engine.Device;
import io.patella.engine.ExecutionMode;
import io.patella.engine.Flag;
import io.patella.engine.OpenedBundle;
import io.patella.engine.Prediction;
import io.patella.imaging.Decoded;
import io.patella.imaging.Decoder;
import io.patella.imaging.Gray8;
import io.patella.imaging.QuarantineReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Grades files without tables: one answer a file, in the order given; a bad file stops nothing. */
public final class GradeFiles {
    private static final int BATCH = 16;

    /** What became of one file. */
    public sealed interface Answer {
        /** The file as the user named it. */
        String file();

        /** A grade. */
        record Graded(String file, Prediction prediction, Gray8 picture) implements Answer {}

        /** No grade, and why. */
        record Refused(String file, String reason, String detail) implements Answer {}

        /** The line that {@code --json} prints, as CONTRACTS has it. */
        default Map<String, @Nullable Object> json(OpenedBundle bundle) {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("file", file());
            if (this instanceof Graded graded) {
                Prediction prediction = graded.prediction();
                line.put("grade", prediction.grade());
                line.put("ordinal", prediction.ordinal());
                line.put("distribution", prediction.distribution());
                line.put("binary", prediction.binary());
                line.put("p_kl_ge_2", prediction.pKlGe2());
                line.put("scale", prediction.scale().grades());
                line.put("model", bundle.model());
                line.put("preparation", bundle.preparation());
                line.put("mode", bundle.mode().word());
                line.put("atypicality", prediction.atypicality());
                Flag flag = prediction.flag();
                line.put("flag", flag == null ? null : reason(flag.reason().name(), flag.detail()));
            } else if (this instanceof Refused refused) {
                line.put("error", reason(refused.reason(), refused.detail()));
            }
            return line;
        }

        private static Map<String, String> reason(String reason, String detail) {
            Map<String, String> both = new LinkedHashMap<>();
            both.put("reason", reason);
            both.put("detail", detail);
            return both;
        }
    }

    private GradeFiles() {}

    /**
     * Grades each file and hands its answer on as soon as its batch is done.
     */
    public static void run(List<String> files, OpenedBundle bundle, Decoder decoder, Consumer<Answer> answers) {
        for (int from = 0; from < files.size(); from += BATCH) {
            List<String> some = files.subList(from, Math.min(files.size(), from + BATCH));
            List<Decoded> decoded = new ArrayList<>();
            List<Gray8> pictures = new ArrayList<>();
            for (String file : some) {
                Decoded one = decode(file, decoder);
                decoded.add(one);
                if (one instanceof Decoded.Picture picture) {
                    pictures.add(picture.pixels());
                }
            }
            List<Prediction> predictions = bundle.grade(pictures);
            int next = 0;
            for (int i = 0; i < some.size(); i++) {
                String file = some.get(i);
                if (decoded.get(i) instanceof Decoded.Picture picture) {
                    answers.accept(new Answer.Graded(file, predictions.get(next++), picture.pixels()));
                } else if (decoded.get(i) instanceof Decoded.Quarantined why) {
                    answers.accept(new Answer.Refused(file, why.reason().name(), why.detail()));
                }
            }
        }
    }

    private static Decoded decode(String file, Decoder decoder) {
        try {
            return decoder.decode(Files.readAllBytes(Path.of(file)));
        } catch (NoSuchFileException e) {
            return new Decoded.Quarantined(QuarantineReason.UNREADABLE, "no such file (check the path)");
        } catch (IOException e) {
            return new Decoded.Quarantined(QuarantineReason.UNREADABLE, e + " (check that it is a file you may read)");
        }
    }

    /** Opens a bundle for files: processor, all its threads. */
    public static OpenedBundle open(Path bundle, Device device, ExecutionMode mode) {
        return OpenedBundle.open(bundle, device, mode, Runtime.getRuntime().availableProcessors());
    }
}
