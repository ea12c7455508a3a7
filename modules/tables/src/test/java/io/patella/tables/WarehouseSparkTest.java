package io.patella.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.cohort.Laterality;
import io.patella.cohort.Part;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.ModelRow;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReadingRow;
import io.patella.tables.row.ReferenceGradeRow;
import io.patella.tables.row.TableDefinition;
import io.patella.tables.row.Tables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseSparkTest {
    @TempDir
    Path folder;

    private final Instant noon = Instant.parse("2026-01-01T12:00:00.123456Z");

    private SparkSession session() {
        return LocalSpark.session(folder.resolve("warehouse"));
    }

    private static ReadingRow reading(String cohort, int image, String reader, int grade) {
        return new ReadingRow(cohort, "i" + image, reader, null, 1, grade, "run");
    }

    private RadiographRow radiograph(String image, String patient, Laterality laterality, String hospital) {
        return new RadiographRow(
                "c",
                image,
                patient,
                laterality,
                null,
                hospital,
                "file:/" + image,
                "a",
                "b",
                224,
                224,
                8,
                null,
                null,
                false,
                false,
                false,
                "run",
                noon);
    }

    private GradeRow grade(String image, String model, int grade, Instant when, String preparation) {
        return new GradeRow(
                "c",
                image,
                model,
                preparation,
                null,
                List.of(0.1, 0.2, 0.3, 0.2, 0.2),
                null,
                grade,
                GradeRow.FULL_SCALE,
                0.7,
                "cpu-f32",
                "run",
                when);
    }

    @Test
    void openingTwiceFindsWhatTheFirstMade() {
        Warehouse.open(session()).append(ReadingRow.TABLE, List.of(reading("c", 1, "A", 2)));
        Warehouse again = Warehouse.open(session());
        assertThat(again.collect(ReadingRow.TABLE, "c")).containsExactly(reading("c", 1, "A", 2));
        assertThat(again.spark().sql("show tables").collectAsList())
                .extracting(row -> row.getString(1))
                .containsAll(Tables.ALL.stream().map(TableDefinition::name).toList());
    }

    @Test
    void unqualifiedNamesMeanTheTablesAndViews() {
        SparkSession spark = Warehouse.open(session()).spark();
        assertThat(spark.sql("select count(*) from readings").head().getLong(0)).isZero();
        for (View view : View.ALL) {
            Dataset<Row> rows = spark.table(view.name());
            assertThat(named(rows.schema())).as(view.name()).isEqualTo(named(view.schema()));
            assertThat(Arrays.stream(rows.schema().fields())
                            .map(field -> field.getComment().get()))
                    .allSatisfy(comment -> assertThat(comment).isNotBlank());
            assertThat(rows.count()).isZero();
        }
    }

    /** The schema is declared, not derived: the query must give just that. */
    @Test
    void theQueryOfAViewGivesTheColumnsThatItDeclares() {
        SparkSession spark = Warehouse.open(session()).spark();
        for (View view : View.ALL) {
            StructType given = spark.sql(view.query()).schema();
            assertThat(named(given)).as(view.name()).isEqualTo(named(view.schema()));
        }
    }

    /** Names and types, in order; whether a column may be null is the query's to say. */
    private static List<String> named(StructType schema) {
        return Arrays.stream(schema.fields())
                .map(field -> field.name() + " " + field.dataType().sql())
                .toList();
    }

    @Test
    void othersCannotLookIntoTheFolder() throws Exception {
        Warehouse.open(session());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("warehouse"))))
                .isEqualTo("rwx------");
        assertThat(folder.resolve("warehouse/catalog.db")).exists();
    }

    @Test
    void oneCallIsOneCommitAndNothingIsNone() {
        Warehouse warehouse = Warehouse.open(session());
        Written first = warehouse.append(
                ReadingRow.TABLE,
                IntStream.range(0, 100)
                        .mapToObj(i -> reading("c", i, "A", i % 5))
                        .toList());
        assertThat(first.rows()).isEqualTo(100);
        assertThat(warehouse.append(ReadingRow.TABLE, List.of())).isEqualTo(Written.nothing("readings"));
        assertThat(warehouse.spark().table("knee.readings.snapshots").count()).isEqualTo(1);
        assertThat(warehouse.snapshotsWritten())
                .containsEntry("readings", first.snapshot().orElseThrow());
    }

    @Test
    void recordsMakeTheFilesThatSparkWouldMake() {
        Warehouse warehouse = Warehouse.open(session());
        List<PictureRow> pictures = IntStream.range(0, 40)
                .mapToObj(i -> new PictureRow("c" + i % 2, "i" + i, PictureRow.GRAY, i, 1, new byte[i]))
                .toList();
        Dataset<Row> rows = warehouse.rows(PictureRow.TABLE, pictures).coalesce(1);
        long bySpark = warehouse.append(PictureRow.TABLE, rows).snapshot().orElseThrow();
        long byDriver = warehouse.append(PictureRow.TABLE, pictures).snapshot().orElseThrow();
        String files = "select content, file_format, spec_id, partition, record_count, sort_order_id,"
                + " to_json(array(value_counts, null_value_counts)),"
                + " to_json(sort_array(map_entries(lower_bounds))), to_json(sort_array(map_entries(upper_bounds)))"
                + " from knee.pictures.files version as of %d order by partition";
        List<Row> two = warehouse.spark().sql(files.formatted(bySpark)).collectAsList();
        assertThat(two).hasSize(2);
        assertThat(warehouse.spark().sql(files.formatted(byDriver)).collectAsList())
                .containsExactlyElementsOf(
                        two.stream().flatMap(row -> Stream.of(row, row)).toList());
    }

    @Test
    void aTableThatSomebodySortedIsWrittenSorted() {
        Warehouse warehouse = Warehouse.open(session());
        warehouse.spark().sql("alter table readings write ordered by grade");
        warehouse.append(ReadingRow.TABLE, List.of(reading("c", 1, "A", 4), reading("c", 2, "A", 0)));
        assertThat(warehouse
                        .spark()
                        .sql("select sort_order_id from knee.readings.files")
                        .head()
                        .getInt(0))
                .isEqualTo(1);
    }

    @Test
    void whatWasNotFinishedLeavesNoFile() throws Exception {
        Warehouse warehouse = Warehouse.open(session());
        try (RowWriter<ReadingRow> writer = new RowWriter<>(ReadingRow.TABLE, warehouse.table(ReadingRow.TABLE))) {
            writer.write(reading("c", 1, "A", 4));
        }
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(file -> file.toString().endsWith(".parquet")))
                    .isEmpty();
        }
    }

    @Test
    void aReadKeepsSeeingTheSnapshotOfItsCall() {
        Warehouse warehouse = Warehouse.open(session());
        Written first = warehouse.append(ReadingRow.TABLE, List.of(reading("c", 1, "A", 2)));
        Dataset<Row> before = warehouse.read(ReadingRow.TABLE);
        Warehouse.open(session()).append(ReadingRow.TABLE, List.of(reading("c", 2, "A", 2)));
        assertThat(before.count()).isEqualTo(1);
        assertThat(warehouse.read(ReadingRow.TABLE).count()).isEqualTo(2);
        assertThat(warehouse.snapshotsRead())
                .containsEntry("readings", first.snapshot().orElseThrow());
    }

    @Test
    void appendingWhatIsThereAddsNothing() {
        Warehouse warehouse = Warehouse.open(session());
        List<ReadingRow> some = List.of(reading("c", 1, "A", 2), reading("c", 2, "A", 3));
        assertThat(warehouse.appendMissing(ReadingRow.TABLE, some).rows()).isEqualTo(2);
        assertThat(warehouse.appendMissing(ReadingRow.TABLE, some)).isEqualTo(Written.nothing("readings"));
        List<ReadingRow> more = List.of(reading("c", 2, "A", 3), reading("c", 3, "A", 4), reading("d", 1, "A", 0));
        assertThat(warehouse.appendMissing(ReadingRow.TABLE, more).rows()).isEqualTo(2);
        assertThat(warehouse.read(ReadingRow.TABLE).count()).isEqualTo(4);
    }

    @Test
    void replacingACohortLeavesTheOthers() {
        Warehouse warehouse = Warehouse.open(session());
        ReferenceGradeRow kept = new ReferenceGradeRow("d", "i1", 4, "single", List.of("A"), "run");
        ReferenceGradeRow old = new ReferenceGradeRow("c", "i1", 1, "single", List.of("A"), "run");
        ReferenceGradeRow fresh = new ReferenceGradeRow("c", "i2", 3, "unanimous", List.of("A", "B"), "run2");
        warehouse.append(ReferenceGradeRow.TABLE, List.of(kept, old));
        Written written = warehouse.replace(
                ReferenceGradeRow.TABLE,
                functions.col("cohort").equalTo("c"),
                warehouse.rows(ReferenceGradeRow.TABLE, List.of(fresh)));
        assertThat(written.rows()).isEqualTo(1);
        assertThat(warehouse.collect(ReferenceGradeRow.TABLE, warehouse.read(ReferenceGradeRow.TABLE)))
                .containsExactlyInAnyOrder(kept, fresh);
    }

    @Test
    void anOlderTableGetsThePropertiesItLacksAndKeepsItsOwn() throws Exception {
        SparkSession spark = session();
        Warehouse.open(spark);
        String lacking = "write.parquet.dict-encoding-enabled.column.bytes";
        spark.sql("alter table pictures unset tblproperties ('" + lacking + "')");
        spark.sql(
                "alter table pictures set tblproperties ('write.target-file-size-bytes' = '12345678', 'format-version' = '3')");
        spark.sql("alter namespace patella.knee set dbproperties ('patella.schema-fingerprint' = 'older')");

        assertThat(Warehouse.open(session()).table(PictureRow.TABLE).properties())
                .containsEntry(lacking, "false")
                .containsEntry("write.target-file-size-bytes", "12345678");
    }

    @Test
    void aDroppedColumnStaysAwayAndOneThatEveryRowFillsIsMissed() throws Exception {
        SparkSession spark = session();
        Warehouse warehouse = Warehouse.open(spark);
        spark.sql("alter table radiographs drop column hospital");
        warehouse.append(RadiographRow.TABLE, List.of(radiograph("i1", "p1", Laterality.LEFT, "south")));
        assertThat(warehouse.collect(RadiographRow.TABLE, "c"))
                .containsExactly(radiograph("i1", "p1", Laterality.LEFT, null));
        spark.sql("alter table radiographs drop column source_uri");
        assertThatThrownBy(() ->
                        warehouse.append(RadiographRow.TABLE, List.of(radiograph("i2", "p1", Laterality.LEFT, null))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("source_uri");
    }

    @Test
    void anOlderTableGetsTheColumnsItLacks() throws Exception {
        SparkSession spark = session();
        Warehouse before = Warehouse.open(spark);
        // as a Patella without the column would have left it
        spark.sql("alter table radiographs drop column hospital");
        before.rows(RadiographRow.TABLE, List.of(radiograph("i1", "p1", Laterality.LEFT, null)))
                .drop("hospital")
                .writeTo("radiographs")
                .append();
        spark.sql("alter namespace patella.knee set dbproperties ('patella.schema-fingerprint' = 'older')");

        Warehouse after = Warehouse.open(session());
        assertThat(after.collect(RadiographRow.TABLE, "c"))
                .containsExactly(radiograph("i1", "p1", Laterality.LEFT, null));
        after.append(RadiographRow.TABLE, List.of(radiograph("i2", "p2", Laterality.RIGHT, "south")));
        assertThat(after.collect(RadiographRow.TABLE, "c"))
                .extracting(RadiographRow::hospital)
                .containsExactlyInAnyOrder(null, "south");
    }

    @Test
    void aWarehouseOfANewerPatellaIsRefused() {
        SparkSession spark = session();
        Warehouse.open(spark);
        spark.sql("alter namespace patella.knee set dbproperties ('patella.schema-version' = '999')");
        assertThatThrownBy(() -> Warehouse.open(session()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("written by a newer Patella")
                .hasMessageContaining("999");
    }

    @Test
    void aReaderDoesNotMakeAWarehouse() {
        assertThatThrownBy(() -> Warehouse.openExisting(session()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("warehouse: no such folder")
                .hasMessageContaining("patella demo");
        assertThat(folder.resolve("warehouse")).doesNotExist();
    }

    @Test
    void aSessionWithoutTheCatalogIsRefused() {
        SparkSession spark = LocalSpark.session(folder).newSession();
        spark.conf().set("spark.sql.catalog.patella", "");
        assertThatThrownBy(() -> Warehouse.open(spark))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no catalog named: patella");
    }

    @Test
    void picturesLieInSmallRowGroupsAndNothingIsShuffledOnWriting() {
        SparkSession spark = Warehouse.open(session()).spark();
        var pictures =
                Spark3Util.loadIcebergCatalog(spark, "patella").loadTable(TableIdentifier.of("knee", "pictures"));
        assertThat(pictures.properties())
                .containsEntry("write.parquet.row-group-size-bytes", "4194304")
                .containsEntry("write.distribution-mode", "none")
                .containsEntry("commit.retry.num-retries", "20");
        assertThat(pictures.spec().fields()).extracting(field -> field.name()).containsExactly("cohort");
        assertThat(pictures.schema().findField("bytes").doc()).isEqualTo("The picture");
    }

    @Test
    void kneeGradesHoldsTheNewestGradeOfEachModelBesideReferenceAndPart() {
        Warehouse warehouse = Warehouse.open(session());
        warehouse.append(
                RadiographRow.TABLE,
                List.of(
                        radiograph("i1", "p1", Laterality.LEFT, "north"),
                        radiograph("i2", "p1", Laterality.RIGHT, "north"),
                        radiograph("i3", "p2", Laterality.LEFT, "south")));
        warehouse.append(
                ReferenceGradeRow.TABLE,
                List.of(
                        new ReferenceGradeRow("c", "i1", 2, "single", List.of("A"), "run"),
                        new ReferenceGradeRow("c", "i2", 4, "single", List.of("A"), "run")));
        warehouse.append(
                PartRow.TABLE,
                List.of(
                        new PartRow("c", PartRow.DEFAULT_SPLIT, "p1", 4, Part.TEST, "run"),
                        new PartRow("c", "chen2019", "p1", null, Part.TRAIN, "run")));
        warehouse.append(
                ModelRow.TABLE, List.of(new ModelRow("m1", "first", "file:/m", "{}", "prep", "", "run", noon)));
        warehouse.append(
                GradeRow.TABLE,
                List.of(
                        grade("i1", "m1", 0, noon, "plain"),
                        grade("i1", "m1", 1, noon.plusSeconds(5), "augmented"),
                        grade("i1", "m2", 4, noon, "plain"),
                        grade("i2", "m1", 3, noon, "plain")));

        List<Row> knees = warehouse
                .spark()
                .sql(
                        "select image_id, model, model_name, model_grade, reference_grade, part, parts['chen2019'], stratum"
                                + " from knee_grades order by image_id, model")
                .collectAsList();
        assertThat(knees)
                .extracting(Row::toString)
                .containsExactly(
                        "[i1,m1,first,1,2,test,train,4]",
                        "[i1,m2,null,4,2,test,train,4]",
                        "[i2,m1,first,3,4,test,train,4]",
                        "[i3,null,null,null,null,null,null,null]");
        List<Row> patients = warehouse
                .spark()
                .sql("select patient_id, hospital, model, images, reference_images, reference_grade, model_grade"
                        + " from patient_grades order by patient_id, model")
                .collectAsList();
        assertThat(patients)
                .extracting(Row::toString)
                .containsExactly("[p1,north,m1,2,2,4,3]", "[p1,north,m2,1,1,2,4]", "[p2,south,null,1,0,null,null]");
    }

    @Test
    void readerAgreementEqualsKappaByItsDefinition() {
        Warehouse warehouse = Warehouse.open(session());
        int[] a = {0, 1, 2, 3, 4, 2, 2, 0, 1, 3};
        int[] b = {0, 2, 2, 3, 3, 2, 0, 0, 1, 4};
        List<ReadingRow> readings = new ArrayList<>();
        for (int i = 0; i < a.length; i++) {
            readings.add(reading("c", i, "B", b[i]));
            readings.add(reading("c", i, "A", a[i]));
            readings.add(reading("c", i, "C", 2));
            readings.add(reading("c", i, "D", 2));
        }
        readings.add(new ReadingRow("c", "i0", "A", null, 2, 4, "run"));
        warehouse.append(ReadingRow.TABLE, readings);

        Row pair = warehouse
                .spark()
                .sql("select * from reader_agreement where reader_a = 'A' and reader_b = 'B'")
                .head();
        assertThat(pair.getLong(3)).isEqualTo(10);
        assertThat(pair.getDouble(4)).isEqualTo(0.6);
        assertThat(pair.<Double>getAs("kappa")).isCloseTo(kappa(a, b, (i, j) -> i == j ? 0 : 1), Offset.offset(1e-12));
        assertThat(pair.<Double>getAs("kappa_quadratic"))
                .isCloseTo(kappa(a, b, (i, j) -> (i - j) * (i - j)), Offset.offset(1e-12));
        Row constant = warehouse
                .spark()
                .sql("select * from reader_agreement where reader_a = 'C' and reader_b = 'D'")
                .head();
        assertThat(constant.<Double>getAs("percent_agreement")).isEqualTo(1);
        assertThat(constant.<Double>getAs("kappa")).isNull();
        assertThat(constant.<Double>getAs("kappa_quadratic")).isNull();
    }

    private static double kappa(int[] a, int[] b, IntBinaryOperator weight) {
        double observed = 0;
        double expected = 0;
        for (int i = 0; i < a.length; i++) {
            observed += weight.applyAsInt(a[i], b[i]);
            for (int other : b) {
                expected += weight.applyAsInt(a[i], other) / (double) b.length;
            }
        }
        return 1 - observed / expected;
    }
}
