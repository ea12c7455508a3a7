package io.patella.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.ReadingRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryAndExportSparkTest {
    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static SparkSession spark;
    private final StringWriter log = new StringWriter();

    @BeforeAll
    static void fill() {
        spark = LocalSpark.session(shared.resolve("warehouse"));
        Warehouse warehouse = Warehouse.open(spark);
        warehouse.append(
                ReadingRow.TABLE,
                IntStream.range(0, 250)
                        .mapToObj(i -> new ReadingRow("c", "i" + i, "A, \"B\"", null, 1, i % 5, "r"))
                        .toList());
        warehouse.append(
                ReferenceGradeRow.TABLE,
                List.of(new ReferenceGradeRow("c", "i1", 1, "single", List.of("A", "B"), "r")));
        warehouse.append(PartRow.TABLE, List.of(new PartRow("c", "patella", "p1", 2, Part.TEST, "r")));
        warehouse.append(PictureRow.TABLE, List.of(new PictureRow("c", "i1", "gray", 1, 3, new byte[] {1, 2, 3})));
    }

    @BeforeEach
    void activate() {
        SparkSession.setActiveSession(spark);
    }

    private String answer(String sql, QueryJob.Format format, int limit, int width) {
        StringWriter out = new StringWriter();
        QueryJob.open().print(sql, format, limit, width, new PrintWriter(out), new PrintWriter(log));
        return out.toString();
    }

    private ExportJob.Exported export(JobRun.Work<ExportJob.Exported> work) {
        return JobRun.reading("export", null, Map.of(), new PrintWriter(log)).run(work);
    }

    @Test
    void sqlKnowsTheStatistics() {
        // the example of docs/statistics.md, on numbers
        assertThat(answer(
                        "select qwk(grade, grade) as qwk, macro_f1(grade, 4 - grade) as f1, grade_counts(grade) as n"
                                + " from readings",
                        QueryJob.Format.CSV,
                        0,
                        80))
                .isEqualTo("qwk,f1,n\n1.0,0.2,\"[50,50,50,50,50]\"\n");
        String corrected = answer(
                "select inline(prevalence_corrected((select grade_counts(grade) from readings),"
                        + " (select confusion(grade, grade) from readings)))",
                QueryJob.Format.CSV,
                0,
                80);
        assertThat(corrected.lines()).hasSize(6);
        assertThat(corrected).startsWith("grade,observed,estimate,lower,upper\n0,0.2,0.2,0.1");
    }

    @Test
    void textIsAlignedWhenItFits() {
        assertThat(answer(
                        "select grade, count(*) as n, 1/3d as third from readings group by grade order by grade limit 2",
                        QueryJob.Format.TEXT,
                        100,
                        80))
                .isEqualTo(
                        "grade   n     third\n-------------------\n    0  50  0.333333\n    1  50  0.333333\n2 rows\n");
    }

    @Test
    void aTableWiderThanTheTerminalStandsOneValueALine() {
        assertThat(answer("select * from reference_grades", QueryJob.Format.TEXT, 100, 40))
                .isEqualTo("""
                        row 1
                          cohort    c
                          image_id  i1
                          grade     1
                          protocol  single
                          readers   [A, B]
                          run_id    r
                        1 row
                        """);
    }

    @Test
    void aLimitIsSaidAndNotSilent() {
        String text = answer("select image_id from readings", QueryJob.Format.TEXT, 3, 80);
        assertThat(text).endsWith("3 rows\n");
        assertThat(log.toString()).contains("the first 3 rows; --limit 0 shows all");
    }

    @Test
    void csvQuotesAndKeepsFullPrecision() {
        assertThat(answer(
                        "select reader, 1/3d as third, null as nothing, array(1, 2) as list from readings limit 1",
                        QueryJob.Format.CSV,
                        0,
                        80))
                .isEqualTo("reader,third,nothing,list\n\"A, \"\"B\"\"\",0.3333333333333333,,\"[1,2]\"\n");
    }

    @Test
    void jsonIsOneObject() throws Exception {
        JsonNode json = new ObjectMapper()
                .readTree(answer(
                        "select image_id, grade, map('a', 1) as m, timestamp '2026-01-01 00:00:00' as t, stage"
                                + " from readings order by image_id",
                        QueryJob.Format.JSON,
                        2,
                        80));
        assertThat(json.get("columns").get(1).toString()).isEqualTo("{\"name\":\"grade\",\"type\":\"int\"}");
        assertThat(json.get("rows")).hasSize(2);
        assertThat(json.get("rows").get(0).toString())
                .isEqualTo(
                        "{\"image_id\":\"i0\",\"grade\":0,\"m\":{\"a\":1},\"t\":\"2026-01-01T00:00:00Z\",\"stage\":null}");
        assertThat(json.get("complete").asBoolean()).isFalse();
    }

    @Test
    void viewsCanBeListedAndDescribed() {
        assertThat(answer("show views", QueryJob.Format.TEXT, 0, 120)).contains("knee_grades", "reader_agreement");
        assertThat(answer("describe knee_grades", QueryJob.Format.TEXT, 0, 120))
                .contains("reference_grade", "The grade that counts, 0..4");
    }

    @Test
    void whatWouldWriteIsRefused() {
        for (String sql : List.of(
                "delete from readings",
                "/* select */ drop view knee_grades",
                "drop table readings",
                "insert into parts select * from parts",
                "with x as (select 1) insert into parts select * from parts",
                "create table t as select 1",
                "call patella.system.expire_snapshots('knee.parts')",
                "set x = 1")) {
            assertThatThrownBy(() -> answer(sql, QueryJob.Format.TEXT, 0, 80))
                    .as(sql)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("only reads");
        }
        assertThat(answer("select count(*) from readings", QueryJob.Format.CSV, 0, 80))
                .contains("250");
    }

    @Test
    void mistakesInSqlAreToldInOneLine() {
        assertThatThrownBy(() -> answer("selct 1", QueryJob.Format.TEXT, 0, 80))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("query: not SQL that Spark understands: selct 1 (")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> answer("select gradee from readings", QueryJob.Format.TEXT, 0, 80))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("`grade`")
                .hasMessageContaining("describe NAME");
        assertThatThrownBy(() -> answer("select * from nowhere", QueryJob.Format.TEXT, 0, 80))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void aTableIsExportedWithItsCodebook() throws Exception {
        ExportJob.Exported exported = export(run -> ExportJob.table(run, "readings", folder));
        assertThat(exported.rows()).isEqualTo(250);
        List<String> lines = Files.readAllLines(folder.resolve("readings.csv"));
        assertThat(lines).hasSize(251);
        assertThat(lines.get(0)).isEqualTo("cohort,image_id,reader,stage,reading,grade,run_id");
        assertThat(Files.readAllLines(folder.resolve("readings.codebook.csv")))
                .contains("6,grade,int,\"Kellgren-Lawrence grade, 0..4\",grade");
        assertThat(Files.readString(folder.resolve("readings.do")))
                .contains("import delimited using \"readings.csv\"", "stringcols(1 2 3 4 7)")
                .contains("label variable grade `\"Kellgren-Lawrence grade, 0..4\"'");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "readings.csv", "readings.codebook.csv", "readings.codebook.json", "readings.do");
        }
    }

    @Test
    void aViewIsExportedAsParquetWithTheViewsComments() throws Exception {
        Path file = folder.resolve("agreement.parquet");
        export(run -> ExportJob.table(run, "knee_grades", file));
        assertThat(spark.read().parquet(file.toString()).columns()).contains("reference_grade", "parts");
        assertThat(Files.readString(folder.resolve("agreement.codebook.csv")))
                .contains("The model's newest grade, 0..4");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(3);
        }
    }

    @Test
    void columnsOfQueriesGetNamesThatStataTakes() throws Exception {
        export(run -> ExportJob.query(
                run,
                "select count(*), max(grade), max(grade), 1 as `in`, 2 as `2nd` from readings",
                folder.resolve("q.csv")));
        assertThat(Files.readAllLines(folder.resolve("q.csv")))
                .containsExactly("count_1,max_grade,max_grade_2,v_in,v_2nd", "250,4,4,1,2");
        assertThat(ExportJob.Variable.stataName("p(KL >= 2), a very long name of a column indeed"))
                .isEqualTo("p_KL_2_a_very_long_name_of_a_col");
    }

    @Test
    void whatCannotBeExportedIsRefusedBeforeAnythingIsWritten() throws Exception {
        assertThatThrownBy(() -> export(run -> ExportJob.table(run, "grade", folder)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no such table or view: grade (there are radiographs, pictures");
        assertThatThrownBy(() -> export(run -> ExportJob.table(run, "pictures", folder)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("CSV cannot hold bytes: bytes");
        assertThatThrownBy(() -> export(run -> ExportJob.table(run, "parts", folder.resolve("parts.xlsx"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("neither .csv nor .parquet");
        assertThatThrownBy(() -> export(run -> ExportJob.table(run, "parts", folder.resolve("no/parts.csv"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no such folder");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }
}
