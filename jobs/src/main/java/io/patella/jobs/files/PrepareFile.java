package io.patella.jobs.files;

import io.patella.cohort.InputException;
import io.patella.engine.Device;
import io.patella.engine.Program;
import io.patella.engine.Value;
import io.patella.imaging.Box;
import io.patella.imaging.Decoder;
import io.patella.imaging.Deletterbox;
import io.patella.imaging.Gray8;
import io.patella.network.preparation.Preparation;
import io.patella.network.preparation.PreparationModule;
import io.patella.network.program.ProgramArchive;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.SafetensorsWriter;
import io.patella.network.weights.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code patella prepare}: what the network sees of one picture. */
public final class PrepareFile {
    private PrepareFile() {}

    /**
     * Writes {@code box} (int64 [4]: top, bottom, left, right of what deletterboxing kept, half-open) and {@code global}, {@code left},
     * {@code right} (float32 [3,T,T], normalised).
     *
     * @param preparation how; its test-time views are left out
     * @param decoder how 16-bit pictures become 8-bit
     * @return the box
     * @throws InputException when the picture cannot be read
     */
    public static Box run(Path image, Path out, Preparation preparation, Decoder decoder) throws IOException {
        if (!Files.isRegularFile(image)) {
            throw new InputException(image.toString(), "no such file", image.toAbsolutePath(), "check the path");
        }
        Gray8 picture = decoder.decode(Files.readAllBytes(image)).fold(found -> found.pixels(), bad -> {
            throw new InputException(image.toString(), "picture cannot be used", bad.reason(), bad.detail());
        });
        Box box = preparation.letterbox() == Preparation.Letterbox.REMOVE
                ? Deletterbox.box(picture)
                : new Box(0, picture.height(), 0, picture.width());
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        ByteBuffer edges = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        edges.putLong(box.top()).putLong(box.bottom()).putLong(box.left()).putLong(box.right());
        tensors.put("box", new Tensor(ElementType.I64, new long[] {4}, edges.flip()));
        List<Value> prepared = prepared(picture.crop(box), preparation.with(Preparation.Views.ONE));
        List<String> names = List.of("global", "left", "right");
        for (int i = 0; i < names.size(); i++) {
            Tensor batch = prepared.get(i).asTensor(); // [1,3,T,T]
            tensors.put(
                    names.get(i),
                    new Tensor(batch.type(), new long[] {3, batch.shape()[2], batch.shape()[3]}, batch.bytes()));
        }
        SafetensorsWriter.write(out, tensors);
        return box;
    }

    private static List<Value> prepared(Gray8 crop, Preparation preparation) throws IOException {
        ByteBuffer pixels = ByteBuffer.allocateDirect(crop.pixels().length)
                .put(crop.pixels())
                .flip();
        Tensor picture = new Tensor(ElementType.U8, new long[] {1, crop.height(), crop.width()}, pixels);
        Path folder = Files.createTempDirectory("patella-prepare");
        Path archive = folder.resolve("preparation.pt");
        try {
            ProgramArchive.write(PreparationModule.of(preparation), archive, Map.of());
            try (Program program = Program.open(archive, Device.CPU, 1)) {
                return program.call("prepare", Value.list(picture)).asList();
            }
        } finally {
            Files.deleteIfExists(archive);
            Files.deleteIfExists(folder);
        }
    }
}
