package io.patella.jobs.cli;

import io.patella.cohort.InputException;
import io.patella.imaging.Box;
import io.patella.imaging.Decoder;
import io.patella.imaging.Scaling;
import io.patella.jobs.files.PrepareFile;
import io.patella.network.bundle.Bundle;
import io.patella.network.preparation.Preparation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code patella prepare --image F --out F.safetensors}. */
@Command(
        name = "prepare",
        description = {
            "Shows what the network sees of a picture: deletterboxed, resized, cut in halves, normalised.",
            "Writes box int64 [4] (top, bottom, left, right of what was kept) and global, left, right float32 [3,T,T]."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli injects
final class PrepareCommand implements Callable<Integer> {
    private static final int STANDARD_SIZE = 224;
    private static final Pattern WINDOW = Pattern.compile("(\\d{1,5}):(\\d{1,5})");

    @Option(names = "--image", required = true, paramLabel = "FILE", description = "PNG, JPEG or TIFF.")
    private Path image;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "safetensors to write.")
    private Path out;

    @Option(names = "--no-deletterbox", description = "Keep black and white bars.")
    private boolean keepBars;

    @Option(names = "--size", paramLabel = "T", description = "Side of the square in pixels (default: 224).")
    private @Nullable Integer size;

    @Option(names = "--interpolation", description = "${COMPLETION-CANDIDATES}, antialiased (default: bilinear).")
    private Preparation.@Nullable Interpolation interpolation;

    @Option(
            names = "--bundle",
            paramLabel = "BUNDLE",
            description = "Prepare as this grader does, with its size, interpolation, mean and std.")
    private @Nullable Path bundle;

    @Option(
            names = "--window",
            paramLabel = "LOW:HIGH",
            description = "Values of a 16-bit picture that become 0 and 255.")
    private @Nullable String window;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Box box = PrepareFile.run(image, out, preparation(), decoder());
        spec.commandLine()
                .getErr()
                .println(out + ": box rows " + box.top() + ".." + box.bottom() + ", columns " + box.left() + ".."
                        + box.right() + "; global, left, right");
        return Patella.DONE;
    }

    private Preparation preparation() {
        if (bundle != null) {
            if (keepBars || size != null || interpolation != null) {
                throw new InputException(
                        "--bundle",
                        "settles the preparation",
                        bundle,
                        "leave out --no-deletterbox, --size, --interpolation");
            }
            try (Bundle opened = Bundle.open(bundle)) {
                return opened.description().preparation();
            }
        }
        Preparation standard = Preparation.standard(size == null ? STANDARD_SIZE : size);
        return new Preparation(
                keepBars ? Preparation.Letterbox.KEEP : Preparation.Letterbox.REMOVE,
                standard.size(),
                interpolation == null ? Preparation.Interpolation.BILINEAR : interpolation,
                standard.exposure(),
                standard.mean(),
                standard.std(),
                Preparation.Views.ONE,
                standard.average());
    }

    private Decoder decoder() {
        if (window == null) {
            return Decoder.strict();
        }
        Matcher edges = WINDOW.matcher(window);
        if (!edges.matches()) {
            throw new InputException("--window", "no window", window, "write LOW:HIGH, such as 0:4095");
        }
        return Decoder.strict()
                .with(new Scaling.Window(Integer.parseInt(edges.group(1)), Integer.parseInt(edges.group(2))));
    }
}
