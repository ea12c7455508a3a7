package io.patella.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.network.architecture.Layers;
import io.patella.network.architecture.WeightSource;
import io.patella.network.bundle.Bundle;
import io.patella.network.bundle.BundleDescription;
import io.patella.network.grader.Grader;
import io.patella.network.grader.Graders;
import io.patella.network.preparation.Preparation;
import io.patella.network.program.ProgramArchive;
import io.patella.network.program.ProgramModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A bundle of KL-FuseNet with a handful of channels and random weights: its grades mean nothing, but they are always the same. */
public final class TinyBundle {
    private TinyBundle() {}

    /** Writes it as a folder of this name. */
    public static Path write(Path folder, Preparation preparation) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Grader grader = Graders.fuseNet(
                json.readTree("{\"depths\":[1,1,1,1],\"dims\":[8,8,12,16]}"),
                json.readTree("{\"block\":\"basic\",\"layers\":[1,1,1,1],\"channels\":[8,8,12,16]}"));
        ProgramModule network = grader.program(Layers.plain());
        WeightSource.seeded(11).fill(network);
        Path model = folder.resolveSibling(folder.getFileName() + ".pt");
        ProgramArchive.write(network, model, Map.of());
        BundleDescription description =
                new BundleDescription("tiny", grader.json(), preparation, null, json.createObjectNode(), List.of());
        Bundle.write(folder, description, model, "card");
        return folder;
    }
}
