package io.patella.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.cohort.Laterality;
import io.patella.cohort.Part;
import io.patella.imaging.Gray8;
import io.patella.jobs.cli.Patella;
import io.patella.jobs.files.AuditAnswer;
import io.patella.jobs.files.JsonAnswer;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReferenceGradeRow;
import io.patella.tables.row.RunRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit of a cohort whose patients have two alike knees each, under a clean split and under leaking ones. */
class AuditSparkTest {
    private static final int PATIENTS = 80;
    private static final int SIDE = 24;

    @TempDir
    Path folder;

    private Warehouse warehouse;

    @BeforeEach
    void fill() {
        warehouse = Warehouse.open(LocalSpark.session(folder.resolve("warehouse")));
        Random random = new Random(3);
        List<RadiographRow> radiographs = new ArrayList<>();
        List<ReferenceGradeRow> references = new ArrayList<>();
        List<PictureRow> pictures = new ArrayList<>();
        List<PartRow> parts = new ArrayList<>();
        for (int p = 0; p < PATIENTS; p++) {
            byte[] right = new byte[SIDE * SIDE];
            random.nextBytes(right);
            picture(radiographs, pictures, p, Laterality.RIGHT, right);
            picture(radiographs, pictures, p, Laterality.LEFT, mirrored(right));
            references.add(new ReferenceGradeRow("c", p + "R", p % 5, "single", List.of("A"), "r"));
            references.add(new ReferenceGradeRow("c", p + "L", p % 5, "single", List.of("A"), "r"));
            parts.add(new PartRow("c", "patella", "P" + p, 0, part(p), "r"));
        }
        warehouse.append(RadiographRow.TABLE, radiographs);
        warehouse.append(ReferenceGradeRow.TABLE, references);
        warehouse.append(PictureRow.TABLE, pictures);
        warehouse.append(PartRow.TABLE, parts);
    }

    @Test
    void aCleanSplitPassesAndALeakingSplitOfFoldersIsFound() {
        AuditJob.Report clean = audit("patella", null);
        assertThat(clean.clean()).isTrue();
        assertThat(found(clean, "patella").madeBy()).isEqualTo("patient");
        assertThat(found(clean, "patella").nearIdenticalThreshold()).isNotNull();

        AuditJob.Report all = audit(null, null);
        assertThat(all.clean()).isFalse();
        assertThat(all.splits()).containsOnlyKeys("patella", AuditJob.FOLDERS);
        assertThat(found(all, AuditJob.FOLDERS).straddlingPatients()).isEqualTo(2);
        assertThat(found(all, AuditJob.FOLDERS).examples()).contains("patient P0 is in train and in test");
        assertThat(warehouse.collect(RunRow.TABLE, warehouse.read(RunRow.TABLE)))
                .extracting(RunRow::outcome)
                .contains(RunRow.DONE, RunRow.GATE_NOT_MET);
        assertThat(all.text()).contains("split (folders): this split leaks").contains("split patella: no leak found");
    }

    @Test
    void somebodysSplitByImageIsRecognisedAndWhatItWouldClaimIsMeasured() throws IOException {
        Random random = new Random(8);
        StringBuilder csv = new StringBuilder("image_id,part\nelsewhere,train\n");
        for (int p = 0; p < PATIENTS; p++) {
            for (String side : List.of("L", "R")) {
                csv.append(p).append(side).append(random.nextInt(10) < 7 ? ",train\n" : ",test\n");
            }
        }
        Path theirs = Files.writeString(folder.resolve("theirs.csv"), csv);
        AuditJob.Report report = audit("patella", theirs);
        assertThat(found(report, "theirs.csv").madeBy()).isEqualTo("image");
        assertThat(report.notes()).anySatisfy(note -> assertThat(note).contains("1 pictures of theirs.csv"));
        AuditJob.Claim claim = report.imageWiseClaim();
        assertThat(claim).isNotNull();
        assertThat(claim.metrics()).anySatisfy(row -> {
            assertThat(row.metric()).isEqualTo("qwk");
            assertThat(row.optimism()).isGreaterThan(0.3); // the other knee is the mirrored picture
        });
        assertThat(JsonAnswer.text(report))
                .contains("\"image_wise_claim\":{")
                .contains("\"straddling_expected_by_image\":");
    }

    @Test
    void theCommandEndsWithThreeWhenASplitLeaks() {
        StringWriter out = new StringWriter();
        var line = Patella.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(new StringWriter()));
        assertThat(line.execute("audit", "--cohort", "c", "--split", "patella")).isZero();
        assertThat(line.execute("audit", "--cohort", "c", "--json")).isEqualTo(Patella.GATE_NOT_MET);
        assertThat(out.toString()).contains("\"clean\":false");
    }

    @Test
    void aSplitThatIsNotThereIsSaidWithThoseThatAre() {
        assertThatThrownBy(() -> audit("patela", null))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--split: no such split of c: patela (did you mean patella?");
    }

    @Test
    void theInnermostFolderNamesThePart() {
        assertThat(AuditJob.partOfFolder("file:/x/train/val/2/9L.png")).containsExactly(Part.VALIDATION);
        assertThat(AuditJob.partOfFolder("file:/x/pretrained/train.png")).isEmpty();
    }

    private AuditJob.Report audit(@Nullable String split, @Nullable Path theirs) {
        return new AuditJob(new AuditJob.Request("c", split, theirs), new PrintWriter(new StringWriter())).run();
    }

    private static AuditAnswer found(AuditJob.Report report, String split) {
        AuditAnswer answer = report.splits().get(split);
        assertThat(answer).isNotNull();
        return answer;
    }

    private static Part part(int patient) {
        return patient % 10 < 7 ? Part.TRAIN : patient % 10 < 8 ? Part.VALIDATION : Part.TEST;
    }

    private static byte[] mirrored(byte[] picture) {
        byte[] mirrored = new byte[picture.length];
        for (int i = 0; i < picture.length; i++) {
            mirrored[i] = picture[i / SIDE * SIDE + SIDE - 1 - i % SIDE];
        }
        return mirrored;
    }

    /** The folders put the left knees of the first two patients into test. */
    private static void picture(
            List<RadiographRow> radiographs, List<PictureRow> pictures, int patient, Laterality side, byte[] pixels) {
        String id = patient + side.code();
        String place =
                patient < 2 && side == Laterality.LEFT ? "test" : part(patient).word();
        radiographs.add(new RadiographRow(
                "c",
                id,
                "P" + patient,
                side,
                null,
                null,
                "file:/data/" + place + "/" + patient % 5 + "/" + id + ".png",
                "s" + id,
                new Gray8(SIDE, SIDE, pixels).sha256(),
                SIDE,
                SIDE,
                8,
                null,
                null,
                false,
                false,
                false,
                "r",
                Instant.EPOCH));
        pictures.add(new PictureRow("c", id, PictureRow.GRAY, SIDE, SIDE, pixels));
    }
}
