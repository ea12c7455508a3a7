package io.patella.jobs.job;

import static org.apache.spark.sql.functions.col;

import io.patella.cohort.InputException;
import io.patella.cohort.Laterality;
import io.patella.cohort.Part;
import io.patella.cohort.split.GradedImage;
import io.patella.cohort.split.PlacedImage;
import io.patella.cohort.split.Ratios;
import io.patella.imaging.Gray8;
import io.patella.imaging.PerceptualHash;
import io.patella.imaging.Thumbnail;
import io.patella.jobs.conf.Conf;
import io.patella.jobs.files.AuditAnswer;
import io.patella.jobs.files.AuditFile;
import io.patella.jobs.files.TextTable;
import io.patella.jobs.job.report.PictureFacts;
import io.patella.statistics.audit.AuditedImage;
import io.patella.statistics.audit.ImageWiseClaim;
import io.patella.statistics.audit.LeakageAudit;
import io.patella.statistics.audit.NeighbourProbe;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.io.PrintWriter;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Looks for leaks in the splits of a cohort: {@code radiographs, reference_grades, parts, pictures -> runs}. Audited are the
 * named splits, the one that the files' folders spell (which may put a patient into several parts; the table {@code parts}
 * holds none such), and somebody's table. Executors hash every picture once; the driver compares. When one of them leaks, the
 * run ends as one whose gate was not met.
 */
public final class AuditJob {
    /** The split that the folders train, val(idation), test of the source spell. */
    public static final String FOLDERS = "(folders)";

    /** Pairs of splits over which the claim is measured. */
    private static final int REPEATS = 10;

    /** Above this many pictures the neighbours are sought among a sample of patients. */
    private static final int MOST_PROBED = 12_000;

    private static final int SIDE = 16;
    private static final int SMALLEST_CLAIM = 50;

    /**
     * What to audit.
     *
     * @param cohort whose splits
     * @param split name of one; null for all
     * @param theirs somebody's table with image_id, part; null for none
     */
    public record Request(
            String cohort, @Nullable String split, @Nullable Path theirs) {}

    /**
     * One metric of the probe under both kinds of split.
     *
     * @param metric its word
     * @param byPatient over the test parts of the splits by patient
     * @param byImage over those of the splits by image
     * @param optimism what the split by image claims too much
     * @param lowest the smallest such difference of one pair of splits
     * @param highest the largest
     */
    public record ClaimedMetric(
            String metric,
            @Nullable Double byPatient,
            @Nullable Double byImage,
            @Nullable Double optimism,
            @Nullable Double lowest,
            @Nullable Double highest) {
        static ClaimedMetric of(ImageWiseClaim.Row row) {
            return new ClaimedMetric(
                    row.metric(),
                    row.byPatient().value(),
                    row.byImage().value(),
                    row.optimism().value(),
                    row.lowest().value(),
                    row.highest().value());
        }
    }

    /** What a split by image would have claimed for the probe. */
    public record Claim(String grader, int images, int pairsOfSplits, List<ClaimedMetric> metrics) {}

    /**
     * What came of it, and what is answered with {@code --json}.
     *
     * @param cohort which
     * @param clean whether no split leaks
     * @param splits each audited split by name
     * @param imageWiseClaim null where the cohort is too small
     * @param notes what could not be looked at
     */
    public record Report(
            String cohort,
            boolean clean,
            Map<String, AuditAnswer> splits,
            @Nullable Claim imageWiseClaim,
            List<String> notes) {
        /** For a terminal. */
        public String text() {
            StringBuilder text = new StringBuilder("cohort " + cohort + "\n");
            splits.forEach((name, answer) ->
                    text.append("\nsplit ").append(name).append(": ").append(answer.text()));
            Claim claim = imageWiseClaim;
            if (claim != null) {
                text.append("\nwhat a split by image would have claimed, over " + claim.pairsOfSplits()
                        + " pairs of splits of " + claim.images() + " pictures\ngrader: " + claim.grader() + "\n\n");
                TextTable table = new TextTable("metric", "by patient", "by image", "too much", "lowest", "highest");
                claim.metrics()
                        .forEach(each -> table.row(
                                each.metric(),
                                number(each.byPatient()),
                                number(each.byImage()),
                                number(each.optimism()),
                                number(each.lowest()),
                                number(each.highest())));
                text.append(table.text());
            }
            notes.forEach(note -> text.append("note: ").append(note).append('\n'));
            return text.toString();
        }

        private static String number(@Nullable Double figure) {
            return figure == null ? "-" : String.format(Locale.ROOT, "%.4f", figure);
        }
    }

    /** What an executor saw of a picture; left knees mirrored in the thumbnail, so that both sides match. */
    @SuppressWarnings("ArrayRecordComponent") // read once on the driver
    private record Seen(String imageId, long hash, float[] thumbnail) implements Serializable {}

    private final Request request;
    private final PrintWriter log;

    public AuditJob(Request request, PrintWriter log) {
        this.request = request;
        this.log = log;
    }

    /** Audits; writes nothing but the run's own row. */
    public Report run() {
        return JobRun.reading("audit", request.cohort(), request, log).run(this::audit);
    }

    private Report audit(JobRun run) {
        run.phase("reading the graded radiographs of " + request.cohort());
        Dataset<Row> radiographs = run.warehouse().read(RadiographRow.TABLE, request.cohort());
        Dataset<Row> graded = radiographs.join(
                run.warehouse().read(ReferenceGradeRow.TABLE, request.cohort()).select("image_id", "grade"),
                "image_id");
        Map<String, GradedImage> images = new TreeMap<>();
        Map<String, String> sources = new HashMap<>();
        for (Row row : graded.select("image_id", "patient_id", "grade", "pixel_sha256", "source_uri")
                .collectAsList()) {
            images.put(
                    row.getString(0),
                    new GradedImage(row.getString(0), row.getString(1), row.getInt(2), row.getString(3)));
            sources.put(row.getString(0), row.getString(4));
        }
        if (images.isEmpty()) {
            throw new InputException(
                    "--cohort", "no reference grades of this cohort", request.cohort(), ConsensusJob.known(run));
        }
        List<String> notes = new ArrayList<>();
        long ungraded = radiographs.count() - images.size();
        if (ungraded > 0) {
            notes.add(ungraded + " radiographs without a reference grade were left out");
        }
        Map<String, List<PlacedImage>> splits = splits(run, images, sources, notes);

        run.phase("hashing " + images.size() + " pictures");
        Map<String, Seen> seen = seen(run, graded);
        if (seen.size() < images.size()) {
            notes.add((images.size() - seen.size())
                    + " radiographs have no row in pictures: nearly identical ones were not looked for among them");
        }
        run.count("images", images.size());
        run.count("pictures_hashed", seen.size());
        Map<String, AuditAnswer> answers = new LinkedHashMap<>();
        splits.forEach((name, placed) -> {
            run.phase("auditing split " + name);
            answers.put(name, audited(placed, images.size(), seen));
        });
        List<String> leaking = answers.entrySet().stream()
                .filter(each -> !each.getValue().clean())
                .map(Map.Entry::getKey)
                .toList();
        if (!leaking.isEmpty()) {
            run.gateNotMet("leaking splits: " + String.join(", ", leaking));
        }
        return new Report(request.cohort(), leaking.isEmpty(), answers, claim(run, images, seen, notes), notes);
    }

    private static AuditAnswer audited(List<PlacedImage> placed, int all, Map<String, Seen> seen) {
        List<AuditedImage> audited = placed.stream()
                .map(each -> {
                    Seen picture = seen.get(each.image().imageId());
                    return new AuditedImage(each, picture == null ? null : picture.hash());
                })
                .toList();
        long inParts =
                placed.stream().map(each -> each.image().imageId()).distinct().count();
        return AuditAnswer.of(
                LeakageAudit.of(audited),
                inParts == all ? List.of() : List.of((all - inParts) + " graded pictures are in no part"));
    }

    private Map<String, List<PlacedImage>> splits(
            JobRun run, Map<String, GradedImage> images, Map<String, String> sources, List<String> notes) {
        Map<String, List<PlacedImage>> splits = new LinkedHashMap<>();
        Path file = request.theirs();
        if (file != null) {
            splits.put(file.getFileName().toString(), theirs(file, images, notes));
        }
        Map<String, List<PlacedImage>> named = new TreeMap<>();
        Map<String, Map<String, Set<Part>>> partsOf = new TreeMap<>();
        run.warehouse()
                .collect(PartRow.TABLE, request.cohort())
                .forEach(row -> partsOf.computeIfAbsent(row.split(), none -> new HashMap<>())
                        .computeIfAbsent(row.patientId(), none -> new TreeSet<>())
                        .add(row.part()));
        partsOf.forEach((split, patients) -> named.put(
                split,
                images.values().stream()
                        .flatMap(image -> patients.getOrDefault(image.patientId(), Set.of()).stream()
                                .map(part -> new PlacedImage(image, part)))
                        .toList()));
        List<PlacedImage> folders = images.values().stream()
                .flatMap(image -> partOfFolder(sources.getOrDefault(image.imageId(), "")).stream()
                        .map(part -> new PlacedImage(image, part)))
                .toList();
        if (!folders.isEmpty()) {
            named.put(FOLDERS, folders);
        }
        String wanted = request.split();
        if (wanted == null) {
            splits.putAll(named);
        } else if (named.containsKey(wanted)) {
            splits.put(wanted, named.getOrDefault(wanted, List.of()));
        } else {
            throw new InputException(
                    "--split",
                    "no such split of " + request.cohort(),
                    wanted,
                    named.isEmpty()
                            ? "run: patella split --cohort " + request.cohort()
                            : "did you mean " + Conf.nearest(wanted, named.keySet()) + "? There are "
                                    + String.join(", ", named.keySet()));
        }
        if (splits.isEmpty()) {
            throw new InputException(
                    "--cohort",
                    "has no split to audit",
                    request.cohort(),
                    "run: patella split --cohort " + request.cohort() + ", or give somebody's with --images F.csv");
        }
        return splits;
    }

    private List<PlacedImage> theirs(Path file, Map<String, GradedImage> images, List<String> notes) {
        List<PlacedImage> placed = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        AuditFile.placements(file).forEach((id, part) -> {
            GradedImage image = images.get(id);
            if (image == null) {
                unknown.add(id);
            } else {
                placed.add(new PlacedImage(image, part));
            }
        });
        if (placed.isEmpty()) {
            throw new InputException(
                    file.toString() + ", column image_id",
                    "none of these is a graded radiograph of " + request.cohort(),
                    unknown.get(0),
                    "the cohort's are such as " + images.keySet().iterator().next());
        }
        if (!unknown.isEmpty()) {
            notes.add(unknown.size() + " pictures of " + file.getFileName() + " are no graded radiographs of "
                    + request.cohort() + ", such as " + unknown.get(0));
        }
        return placed;
    }

    /** The part that the innermost folder of such a name spells; empty when none does. */
    static List<Part> partOfFolder(String uri) {
        String[] folders = uri.split("/", -1);
        for (int i = folders.length - 2; i >= 0; i--) {
            String folder = folders[i].toLowerCase(Locale.ROOT);
            if (Set.of("train", "val", "validation", "test").contains(folder)) {
                return List.of(Part.parse(folder, "folder"));
            }
        }
        return List.of();
    }

    private Map<String, Seen> seen(JobRun run, Dataset<Row> graded) {
        Dataset<Row> sides = graded.select(col("image_id").as("graded_image"), col("laterality"));
        Dataset<Row> pictures = run.warehouse().read(PictureRow.TABLE, request.cohort());
        return pictures
                .join(sides, pictures.col("image_id").equalTo(sides.col("graded_image")))
                .select("image_id", "encoding", "width", "height", "bytes", "laterality")
                .javaRDD()
                .map(row -> seen(row))
                .collect()
                .stream()
                .collect(Collectors.toMap(Seen::imageId, each -> each, (one, again) -> one));
    }

    private static Seen seen(Row row) {
        Gray8 picture = PictureFacts.decoded(row.getString(1), row.getInt(2), row.getInt(3), row.getAs("bytes"));
        double[] small = Thumbnail.of(picture, SIDE, SIDE);
        boolean mirrored = row.getString(5).equals(Laterality.LEFT.code());
        float[] thumbnail = new float[small.length];
        for (int i = 0; i < small.length; i++) {
            int column = i % SIDE;
            thumbnail[i] = (float) small[i - column + (mirrored ? SIDE - 1 - column : column)];
        }
        return new Seen(row.getString(0), PerceptualHash.of(picture), thumbnail);
    }

    private static @Nullable Claim claim(
            JobRun run, Map<String, GradedImage> images, Map<String, Seen> seen, List<String> notes) {
        Map<String, List<GradedImage>> patients = images.values().stream()
                .filter(image -> seen.containsKey(image.imageId()))
                .collect(Collectors.groupingBy(GradedImage::patientId));
        long several =
                patients.values().stream().filter(each -> each.size() > 1).count();
        if (several < SMALLEST_CLAIM) {
            notes.add("fewer than " + SMALLEST_CLAIM
                    + " patients with several pictures: what a split by image would have claimed was not measured");
            return null;
        }
        run.phase("measuring what a split by image would have claimed");
        List<NeighbourProbe.Thumbnailed> probed = new ArrayList<>();
        List<String> order = patients.keySet().stream()
                .sorted(Comparator.<String>comparingInt(id -> id.hashCode() * 0x9E3779B9)
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        for (String patient : order) {
            List<GradedImage> theirs = patients.getOrDefault(patient, List.of());
            if (probed.size() + theirs.size() <= MOST_PROBED) {
                theirs.forEach(image -> {
                    Seen picture = seen.get(image.imageId());
                    if (picture != null) {
                        probed.add(new NeighbourProbe.Thumbnailed(image, picture.thumbnail()));
                    }
                });
            }
        }
        if (probed.size() < seen.size()) {
            notes.add("what a split by image would have claimed was measured on " + probed.size() + " pictures of "
                    + seen.size());
        }
        ImageWiseClaim claim = NeighbourProbe.over(probed).claim(Ratios.PAPER, REPEATS);
        return new Claim(
                "weighted median grade of the " + NeighbourProbe.NEIGHBOURS + " likest training pictures at " + SIDE
                        + " x " + SIDE + " pixels",
                probed.size(),
                REPEATS,
                claim.rows().stream().map(ClaimedMetric::of).toList());
    }
}
