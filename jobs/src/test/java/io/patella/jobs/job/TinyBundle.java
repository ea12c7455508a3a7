package io.patella.jobs.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.Part;
import io.patella.engine.Device;
import io.patella.engine.TypicalPictures;
import io.patella.imaging.Gray8;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.bundle.Bundle;
import io.patella.network.bundle.BundleDescription;
import io.patella.network.grader.Grader;
import io.patella.network.grader.Graders;
import io.patella.network.preparation.Preparation;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** An untrained KL-FuseNet of some kilobytes: its grades mean nothing, but they are always the same. */
public final class TinyBundle {
    private TinyBundle() {}

    /** Writes it as {@code folder/tiny}. */
    public static Path write(Path folder, Preparation preparation) throws JsonProcessingException {
        ObjectMapper json = new ObjectMapper();
        Grader grader = Graders.fuseNet(
                json.readTree("{\"depths\":[1,1,1,1],\"dims\":[8,8,12,16]}"),
                json.readTree("{\"block\":\"basic\",\"layers\":[1,1,1,1],\"channels\":[8,8,12,16]}"));
        ProgramModule network = grader.program(Layers.plain());
        WeightSource.seeded(11).fill(network);
        Path model = folder.resolve("tiny.pt");
        ProgramArchive.write(network, model, Map.of());
        Path bundle = folder.resolve("tiny");
        BundleDescription description = new BundleDescription(
                "tiny", grader.json(), preparation, List.of(0.45, 0.48, 0.5, 0.52), json.createObjectNode(), List.of());
        Bundle.write(bundle, description, model, "card");
        return bundle;
    }

    /** Writes it at 64 pixels, when it has learned that stripes are typical. */
    public static Path writeKnowingStripes(Path folder) throws JsonProcessingException {
        Path bundle = write(folder, Preparation.standard(64));
        List<TypicalPictures.Labelled> learned = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            learned.add(new TypicalPictures.Labelled(stripes(i), i % 5, i < 60 ? Part.TRAIN : Part.VALIDATION));
        }
        TypicalPictures.addTo(bundle, Device.CPU, 1, 60, learned.iterator());
        return bundle;
    }

    /** A typical picture. */
    public static Gray8 stripes(int i) {
        SplittableRandom random = new SplittableRandom(i);
        int period = 9 + 4 * (i % 5);
        byte[] pixels = new byte[70 * 64];
        for (int k = 0; k < pixels.length; k++) {
            pixels[k] = (byte) (((k % 70) % period < period / 2 ? 60 : 170) + random.nextInt(30));
        }
        return new Gray8(70, 64, pixels);
    }

    /** A picture of one gray. */
    public static Gray8 blank() {
        byte[] pixels = new byte[70 * 64];
        Arrays.fill(pixels, (byte) 130);
        return new Gray8(70, 64, pixels);
    }
}
