package io.patella.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.imaging.Gray8;
import io.patella.imaging.PictureBytes;
import io.patella.imaging.PngWriter;
import io.patella.jobs.conf.IngestConf;
import io.patella.jobs.files.PhantomFiles;
import io.patella.jobs.files.PhantomFiles.Plan;
import io.patella.jobs.job.IngestJob.Ingested;
import io.patella.jobs.job.ingest.Claim;
import io.patella.jobs.job.ingest.Inventory;
import io.patella.jobs.job.ingest.Looked;
import io.patella.jobs.job.ingest.Looking;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.QuarantineRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReadingRow;
import io.patella.tables.row.TableDefinition;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestSparkTest {
    private static final IngestConf CONF = IngestConf.standard();

    @TempDir
    private static Path home;

    private static SparkSession spark;
    private static Path phantom;
    private static Ingested a;
    private static Ingested b;

    @BeforeAll
    static void openWarehouseAndDrawKnees() throws IOException {
        spark = LocalSpark.session(home.resolve("warehouse"));
        phantom = home.resolve("phantom");
        PhantomFiles.write(phantom, new Plan(4, 3, 1, 48, true, true));
        a = ingest("a", phantom.resolve("hospital-a"));
        b = ingest("b", phantom.resolve("hospital-b"));
    }

    @Test
    void badFilesGoToQuarantineAndTheRestIsIngested() {
        assertThat(a.images()).isEqualTo(4 * 2 + 2);
        assertThat(a.quarantined())
                .isEqualTo(Map.of(
                        "EMPTY_FILE", 1,
                        "TRUNCATED", 1,
                        "NOT_AN_IMAGE", 1,
                        "SIXTEEN_BIT", 1,
                        "TOO_MANY_PIXELS", 1,
                        "GRADE_OUTSIDE_0_TO_4", 1,
                        "UNKNOWN_PATIENT", 1));
        assertThat(all(QuarantineRow.TABLE, "a"))
                .hasSize(7)
                .anySatisfy(row -> assertThat(row.detail()).startsWith("16-bit picture with no window"))
                .allSatisfy(row -> assertThat(row.sourceUri()).startsWith("file:///"));
        assertThat(all(ReadingRow.TABLE, "a"))
                .hasSize(10)
                .allMatch(row -> row.reader().equals("published") && row.reading() == 1);
        assertThat(all(PartRow.TABLE, "a"))
                .hasSize(6)
                .allMatch(row -> row.split().equals("chen2019"));
    }

    @Test
    void theSameFolderAddsNothingAndARunAfterAKilledOneRepeatsNothing() {
        Ingested second = ingest("a", phantom.resolve("hospital-a"));
        assertThat(second.images() + second.readings() + second.parts() + second.quarantineRows())
                .isZero();
        assertThat(second.imagesBefore()).isEqualTo(10);

        // a run killed before its last commit leaves everything but the radiographs
        Warehouse warehouse = warehouse();
        warehouse.replace(
                RadiographRow.TABLE,
                functions.col("cohort").equalTo("a"),
                warehouse.rows(RadiographRow.TABLE, List.of()));
        Ingested third = ingest("a", phantom.resolve("hospital-a"));
        assertThat(third.images()).isEqualTo(10);
        assertThat(third.readings() + third.parts() + third.quarantineRows()).isZero();
        assertThat(all(RadiographRow.TABLE, "a")).hasSize(10);
        assertThat(all(PictureRow.TABLE, "a")).hasSize(10);
        assertThat(all(ReadingRow.TABLE, "a")).hasSize(10);
        assertThat(all(QuarantineRow.TABLE, "a")).hasSize(7);
    }

    @Test
    void onePictureUnderSeveralPatientsIsSeveralRadiographsWithEqualPixels() {
        Map<String, List<RadiographRow>> byPixels =
                all(RadiographRow.TABLE, "a").stream().collect(Collectors.groupingBy(RadiographRow::pixelSha256));
        assertThat(byPixels.values())
                .filteredOn(rows -> rows.size() > 1)
                .singleElement()
                .satisfies(rows -> assertThat(
                                rows.stream().map(RadiographRow::patientId).distinct())
                        .hasSize(3));
        assertThat(a.sharingPixels()).isEqualTo(3);
    }

    @Test
    void storedPicturesDecodeToThePixelsWhoseHashStandsInRadiographs() {
        for (String cohort : List.of("a", "b")) {
            Map<String, RadiographRow> radiographs = all(RadiographRow.TABLE, cohort).stream()
                    .collect(Collectors.toMap(RadiographRow::imageId, row -> row));
            assertThat(all(PictureRow.TABLE, cohort))
                    .extracting(PictureRow::imageId)
                    .hasSizeGreaterThan(5)
                    .containsExactlyInAnyOrderElementsOf(radiographs.keySet());
            assertThat(all(PictureRow.TABLE, cohort)).allSatisfy(row -> {
                Gray8 picture = PictureBytes.decode(row.bytes());
                assertThat(picture.sha256())
                        .isEqualTo(radiographs.get(row.imageId()).pixelSha256());
                assertThat(picture.width()).isEqualTo(row.width());
                assertThat(row.encoding()).isEqualTo(cohort.equals("a") ? "png" : "jpeg");
            });
        }
    }

    @Test
    void aPictureFiledByTwoReadersIsOneRadiographWithTwoReadings() {
        assertThat(b.images()).isEqualTo(6);
        assertThat(b.imagesBefore()).isZero();
        assertThat(b.readings()).isEqualTo(12);
        assertThat(all(RadiographRow.TABLE, "b"))
                .allMatch(row -> row.patientId().equals(row.imageId()));
        assertThat(all(ReadingRow.TABLE, "b").stream().map(ReadingRow::reader).distinct())
                .containsExactlyInAnyOrder("Reader-I", "Reader-II");
    }

    @Test
    void aManifestNamesPatientsReadersAndStages() {
        Ingested done = ingest("manifest", phantom.resolve("hospital-b.csv"));
        assertThat(done.images()).isEqualTo(6);
        assertThat(done.patients()).isEqualTo(3);
        assertThat(all(ReadingRow.TABLE, "manifest"))
                .hasSize(12)
                .allMatch(row -> "1".equals(row.stage()) || "2".equals(row.stage()));
        assertThat(all(RadiographRow.TABLE, "manifest").stream()
                        .map(row -> row.laterality().code())
                        .distinct())
                .containsExactlyInAnyOrder("L", "R");
    }

    @Test
    void oneKneeUnderTwoGradesKeepsBothAndAnotherPictureUnderItsIdIsPutAside() throws IOException {
        byte[] png = PngWriter.write(new Gray8(3, 2, new byte[] {1, 2, 3, 4, 5, 6}));
        put("conflict/1/P 1 (a)L.png", png);
        put("conflict/3/P 1 (a)L.png", png);
        put("conflict/4/P 1 (a)L.png", PngWriter.write(new Gray8(2, 1, new byte[] {3, 4})));
        put("conflict/3/P 2R.png", png);
        Ingested done = ingest("conflict", home.resolve("conflict"));
        assertThat(done.images()).isEqualTo(2);
        assertThat(done.conflicting()).containsExactly("P 1 (a)L");
        assertThat(done.notes()).containsExactly("one reader gave different grades to: P 1 (a)L");
        assertThat(done.quarantined()).isEqualTo(Map.of("IMAGE_ID_TAKEN", 1));
        assertThat(all(ReadingRow.TABLE, "conflict").stream()
                        .filter(row -> row.imageId().equals("P 1 (a)L"))
                        .map(row -> row.reading() + ":" + row.grade()))
                .containsExactlyInAnyOrder("1:1", "2:3");
    }

    @Test
    void oneFileUnderTwoPatientsIsTwoRadiographsEachWithItsPicture() throws IOException {
        put("shared/one.png", PngWriter.write(new Gray8(2, 1, new byte[] {9, 6})));
        put(
                "shared/list.csv",
                "path,patient,grade,reader\none.png,P1,2,A\none.png,P2,2,A\n"
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(ingest("shared", home.resolve("shared/list.csv")).images()).isEqualTo(2);
        List<String> ids = all(RadiographRow.TABLE, "shared").stream()
                .map(RadiographRow::imageId)
                .toList();
        assertThat(ids).hasSize(2).anyMatch(id -> id.endsWith("-P2"));
        assertThat(all(PictureRow.TABLE, "shared"))
                .extracting(PictureRow::imageId)
                .containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void whereTheFirstFileOfAnIdIsBrokenTheNextOneIsTaken() throws IOException {
        put("broken/1/P1L.png", new byte[] {1, 2, 3});
        put("broken/2/P1L.png", PngWriter.write(new Gray8(2, 1, new byte[] {7, 8})));
        put("broken/2/P2L.png", PngWriter.write(new Gray8(2, 1, new byte[] {8, 8})));
        assertThat(ingest("broken", home.resolve("broken")).images()).isEqualTo(2);
        assertThat(all(PictureRow.TABLE, "broken"))
                .filteredOn(row -> row.imageId().equals("P1L"))
                .singleElement()
                .satisfies(row ->
                        assertThat(PictureBytes.decode(row.bytes()).at(0, 1)).isEqualTo(8));
    }

    @Test
    void onlyWantedPicturesAreCommittedAndNoOtherFileStays() throws IOException {
        for (int i = 0; i < 6; i++) {
            put("wanted/2/P" + i + "L.png", PngWriter.write(new Gray8(2, 1, new byte[] {7, (byte) i})));
        }
        List<Claim> claims = Inventory.of(home.resolve("wanted"), CONF).claims();
        Warehouse warehouse = warehouse();
        long before = pictureFiles();
        try (Looking looking = new Looking("wanted", CONF.decoder(), warehouse)) {
            assertThat(looking.at(claims)).hasSize(6);
            assertThat(pictureFiles()).isGreaterThan(before);
        }
        assertThat(pictureFiles()).isEqualTo(before);
        try (Looking looking = new Looking("wanted", CONF.decoder(), warehouse)) {
            Map<String, Looked> wanted = new HashMap<>();
            looking.at(claims).values().forEach(each -> wanted.put(each.file().replaceAll(".*/|\\.png", ""), each));
            wanted.remove("P3L");
            assertThat(warehouse
                            .commit(PictureRow.TABLE, looking.pictures(wanted))
                            .rows())
                    .isEqualTo(5);
        }
        assertThat(all(PictureRow.TABLE, "wanted"))
                .extracting(PictureRow::imageId)
                .containsExactlyInAnyOrder("P0L", "P1L", "P2L", "P4L", "P5L");
        assertThat(pictureFiles())
                .isEqualTo(spark.sql("select * from patella.knee.pictures.all_data_files")
                        .count());
    }

    @Test
    void aFileExchangedAfterAKilledRunIsRefusedBeforeAnythingIsWritten() throws IOException {
        put("exchanged/2/P1L.png", PngWriter.write(new Gray8(2, 1, new byte[] {7, 1})));
        put("exchanged/2/P2L.png", PngWriter.write(new Gray8(2, 1, new byte[] {7, 2})));
        ingest("exchanged", home.resolve("exchanged"));
        Warehouse warehouse = warehouse();
        warehouse.replace( // as a run leaves it that was killed before its last commit
                RadiographRow.TABLE,
                functions.col("cohort").equalTo("exchanged"),
                warehouse.rows(RadiographRow.TABLE, List.of()));
        put("exchanged/2/P2L.png", PngWriter.write(new Gray8(2, 1, new byte[] {8, 8})));
        put("exchanged/2/P3L.png", PngWriter.write(new Gray8(2, 1, new byte[] {7, 3})));
        assertThatThrownBy(() -> ingest("exchanged", home.resolve("exchanged")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("P2L")
                .hasMessageContaining("delete that row from pictures");
        assertThat(all(ReadingRow.TABLE, "exchanged")).hasSize(2);
        assertThat(all(PictureRow.TABLE, "exchanged")).hasSize(2);
    }

    @Test
    void aPartThatAnotherSourceClaimsIsSaidAndStays() throws IOException {
        byte[] png = PngWriter.write(new Gray8(2, 1, new byte[] {5, 6}));
        put("moved/train/2/P1L.png", png);
        ingest("moved", home.resolve("moved"));
        put("again/test/2/P1R.png", PngWriter.write(new Gray8(2, 1, new byte[] {5, 7})));
        assertThat(ingest("moved", home.resolve("again")).notes())
                .containsExactly("in another part of chen2019 before, which stays: P1");
        assertThat(all(PartRow.TABLE, "moved")).extracting(PartRow::part).containsExactly(Part.TRAIN);
    }

    private static long pictureFiles() throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("warehouse/knee/pictures/data"))) {
            return files.filter(file -> file.toString().endsWith(".parquet")).count();
        }
    }

    @Test
    void aManifestRowThatCannotBeUsedIsPutAsideAndTheOthersAreNot() throws IOException {
        byte[] png = PngWriter.write(new Gray8(2, 1, new byte[] {5, 6}));
        put("rows/one.png", png);
        put("rows/two.png", PngWriter.write(new Gray8(2, 1, new byte[] {7, 8})));
        put(
                "rows/list.csv",
                "path,patient,grade\none.png,P1,2\ntwo.png,P2,5\nmissing.png,P3,1\ntwo.png,P2,\n"
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Ingested done = ingest("rows", home.resolve("rows/list.csv"));
        assertThat(done.images()).isEqualTo(2);
        assertThat(done.readings()).isEqualTo(1);
        assertThat(all(QuarantineRow.TABLE, "rows").stream().map(row -> row.reason() + " " + row.detail()))
                .anyMatch(text ->
                        text.startsWith("GRADE_OUTSIDE_0_TO_4") && text.contains("list.csv:3, column grade: grade 5"))
                .anyMatch(text -> text.equals("UNREADABLE no such file (mend the manifest's path)"))
                .hasSize(2);
    }

    private static Ingested ingest(String cohort, Path source) {
        SparkSession.setActiveSession(spark);
        return JobRun.of("ingest", cohort, Map.of(), new PrintWriter(Writer.nullWriter()))
                .run(run -> IngestJob.ingest(run, cohort, Inventory.of(source, CONF), CONF));
    }

    private static <T extends Record> List<T> all(TableDefinition<T> table, String cohort) {
        return warehouse().collect(table, cohort);
    }

    private static Warehouse warehouse() {
        return Warehouse.open(spark);
    }

    private static void put(String path, byte[] bytes) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }
}
