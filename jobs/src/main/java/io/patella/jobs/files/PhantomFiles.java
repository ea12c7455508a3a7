package io.patella.jobs.files;

import io.patella.cohort.Grade;
import io.patella.cohort.InputException;
import io.patella.imaging.Gray8;
import io.patella.imaging.JpegWriter;
import io.patella.imaging.PngWriter;
import io.patella.imaging.Rgb8;
import io.patella.imaging.phantom.Hospital;
import io.patella.imaging.phantom.PhantomCohort;
import io.patella.imaging.phantom.PhantomKnee;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Writes two phantom cohorts as files, the way real ones arrive.
 *
 * <ul>
 *   <li>{@code hospital-a/[<part>/]<grade>/<patient><L|R>.png}: the OAI layout, one grade a knee;
 *   <li>{@code hospital-b/<reader>/<grade name>/<name>.jpg}: every picture once for each of two readers, who now and then
 *       differ; names repeat for different pictures;
 *   <li>{@code hospital-a.csv}, {@code hospital-b.csv}: the same as manifests, the second with patients and with the stages
 *       of a crossover reading;
 *   <li>among hospital A's knees, unless they are not wanted, files as they should not be: empty, cut, no picture, 16-bit,
 *       colour, a bomb, a grade that does not exist, a name without a patient, one picture under two patients.
 * </ul>
 */
public final class PhantomFiles {
    private static final List<String> READERS = List.of("Reader-I", "Reader-II");
    private static final List<String> GRADE_NAMES = List.of("0Normal", "1Doubtful", "2Mild", "3Moderate", "4Severe");
    private static final int FIRST_PATIENT_A = 9_100_001;
    private static final int FIRST_PATIENT_B = 9_500_001;
    private static final int FIRST_BROKEN = 9_900_001;
    private static final float JPEG_QUALITY = 0.9f;

    /**
     * What to write.
     *
     * @param patients patients of hospital A, two knees each
     * @param secondPatients patients of hospital B; 0 leaves it out
     * @param size width and height of hospital A's pictures in pixels; B's are 300/224 as wide
     * @param partFolders whether hospital A's knees lie in folders train, val and test
     * @param brokenFiles whether files as they should not be are among hospital A's
     */
    public record Plan(
            int patients, int secondPatients, long seed, int size, boolean partFolders, boolean brokenFiles) {
        public Plan {
            if (size < 32 || size > 2048) {
                throw new InputException("--size", "not a size in pixels", size, "use 32 to 2048");
            }
            if (secondPatients < 0) {
                throw new InputException(
                        "--second-patients", "not a number of patients", secondPatients, "use 0 or more");
            }
        }
    }

    /** What was written. {@code grades} counts hospital A's good knees per grade. */
    public record Written(
            String folder,
            int hospitalAFiles,
            int hospitalBPictures,
            int hospitalBFiles,
            int readersDiffer,
            int brokenFiles,
            List<Integer> grades) {}

    private final Path folder;
    private final Plan plan;

    private PhantomFiles(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /**
     * Writes into {@code folder}, which must be new or empty.
     *
     * @throws InputException when it is not
     */
    public static Written write(Path folder, Plan plan) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> inside = Files.list(folder)) {
                if (inside.findAny().isPresent()) {
                    throw new InputException(
                            "--out", "folder is not empty", folder, "name a new folder, or remove this one");
                }
            }
        }
        return new PhantomFiles(folder, plan).write();
    }

    private Written write() throws IOException {
        List<PhantomKnee> knees = PhantomCohort.draw(plan.patients(), FIRST_PATIENT_A, plan.seed())
                .knees();
        IntStream.range(0, knees.size()).parallel().forEach(i -> {
            PhantomKnee knee = knees.get(i);
            put(pathA(knee), PngWriter.write(Hospital.A.photograph(knee, plan.size())));
        });
        List<String> rows = new ArrayList<>();
        Integer[] grades = new Integer[Grade.COUNT];
        Arrays.fill(grades, 0);
        for (PhantomKnee knee : knees) {
            grades[knee.grade()]++;
            rows.add(String.join(
                    ",",
                    pathA(knee),
                    knee.patientId(),
                    knee.laterality().code(),
                    Integer.toString(knee.grade()),
                    part(knee)));
        }
        manifest("hospital-a.csv", "path,patient,laterality,grade,part", rows);
        int broken = plan.brokenFiles() ? writeBroken(knees.get(0)) : 0;
        int differ = plan.secondPatients() > 0 ? writeHospitalB() : 0;
        int pictures = 2 * plan.secondPatients();
        return new Written(folder.toString(), knees.size(), pictures, 2 * pictures, differ, broken, List.of(grades));
    }

    private String pathA(PhantomKnee knee) {
        String part = plan.partFolders() ? part(knee) + "/" : "";
        return "hospital-a/" + part + knee.grade() + "/" + knee.imageId() + ".png";
    }

    /** Patient-wise, about 70/15/15; named as the published parts of the OAI knees are. */
    private String part(PhantomKnee knee) {
        long ticket = Math.floorMod(PhantomCohort.mix(plan.seed() + 1, Long.parseLong(knee.patientId())), 100L);
        if (ticket < 70) {
            return "train";
        }
        return ticket < 85 ? "val" : "test";
    }

    private int writeHospitalB() throws IOException {
        long seed = PhantomCohort.mix(plan.seed(), -1);
        List<PhantomKnee> knees =
                PhantomCohort.draw(plan.secondPatients(), FIRST_PATIENT_B, seed).knees();
        int width = Math.round(plan.size() * 300 / 224f);
        byte[][] pictures = new byte[knees.size()][];
        IntStream.range(0, knees.size())
                .parallel()
                .forEach(i -> pictures[i] = JpegWriter.write(Hospital.B.photograph(knees.get(i), width), JPEG_QUALITY));
        List<String> rows = new ArrayList<>();
        int differ = 0;
        int[][] numbers = new int[READERS.size()][Grade.COUNT];
        for (int i = 0; i < knees.size(); i++) {
            PhantomKnee knee = knees.get(i);
            SplittableRandom random = new SplittableRandom(PhantomCohort.mix(seed + 2, i));
            int[] grades = new int[READERS.size()];
            for (int r = 0; r < READERS.size(); r++) {
                grades[r] = read(knee.grade(), random);
                String name = GRADE_NAMES.get(grades[r]);
                String path = "hospital-b/" + READERS.get(r) + "/" + name + "/" + name.substring(1) + " ("
                        + ++numbers[r][grades[r]] + ").jpg";
                put(path, pictures[i]);
                // crossover: the readers take turns in who reads a picture first
                int stage = (r + i) % 2 + 1;
                rows.add(String.join(
                        ",",
                        path,
                        knee.patientId(),
                        knee.laterality().code(),
                        Integer.toString(grades[r]),
                        READERS.get(r),
                        Integer.toString(stage)));
            }
            differ += grades[0] == grades[1] ? 0 : 1;
        }
        manifest("hospital-b.csv", "path,patient,laterality,grade,reader,stage", rows);
        return differ;
    }

    /** A reader sees the neighbouring grade now and then, most often about KL 1. */
    private static int read(int grade, SplittableRandom random) {
        double slip = grade <= 1 ? 0.10 : 0.06;
        if (random.nextDouble() >= slip) {
            return grade;
        }
        int other = grade + (random.nextBoolean() ? 1 : -1);
        return Math.min(Grade.COUNT - 1, Math.max(0, other));
    }

    private int writeBroken(PhantomKnee model) throws IOException {
        Gray8 picture = Hospital.A.photograph(model, plan.size());
        byte[] png = PngWriter.write(picture);
        String part = plan.partFolders() ? "train/" : "";
        int patient = FIRST_BROKEN;
        put("hospital-a/" + part + "0/" + patient++ + "L.png", new byte[0]);
        put("hospital-a/" + part + "1/" + patient++ + "L.png", Arrays.copyOf(png, png.length / 2));
        put(
                "hospital-a/" + part + "2/" + patient++ + "R.png",
                "see the other folder\n".getBytes(StandardCharsets.UTF_8));
        put("hospital-a/" + part + "0/" + patient++ + "R.png", sixteenBits(picture));
        put("hospital-a/" + part + "0/" + patient++ + "L.png", bomb());
        put("hospital-a/" + part + "7/" + patient++ + "L.png", png);
        put("hospital-a/" + part + "0/copy of a knee (1).png", png);
        put("hospital-a/" + part + model.grade() + "/" + patient++ + "L.png", png);
        put("hospital-a/" + part + model.grade() + "/" + patient++ + "R.png", PngWriter.write(colour(picture)));
        return 9;
    }

    private static byte[] sixteenBits(Gray8 picture) throws IOException {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_USHORT_GRAY);
        for (int row = 0; row < picture.height(); row++) {
            for (int column = 0; column < picture.width(); column++) {
                image.getRaster().setSample(column, row, 0, 16 * picture.at(row, column));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    /** A good PNG whose header promises 60,000 x 60,000 pixels. */
    private static byte[] bomb() {
        byte[] png = PngWriter.write(new Gray8(8, 8, new byte[64]));
        ByteBuffer header = ByteBuffer.wrap(png);
        header.putInt(16, 60_000).putInt(20, 60_000);
        java.util.zip.CRC32 sum = new java.util.zip.CRC32();
        sum.update(png, 12, 17);
        header.putInt(29, (int) sum.getValue());
        return png;
    }

    private static Rgb8 colour(Gray8 picture) {
        byte[] samples = new byte[3 * picture.pixels().length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = picture.pixels()[i / 3];
        }
        return new Rgb8(picture.width(), picture.height(), samples);
    }

    private void put(String path, byte[] bytes) {
        Path file = folder.resolve(path);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + file, e);
        }
    }

    private void manifest(String name, String header, List<String> rows) throws IOException {
        List<String> lines = new ArrayList<>(rows.size() + 1);
        lines.add(header);
        lines.addAll(rows);
        Files.write(folder.resolve(name), lines);
    }
}
