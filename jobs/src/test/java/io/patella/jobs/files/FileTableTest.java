package io.patella.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.cohort.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTableTest {
    @TempDir
    private Path folder;

    @Test
    void columnsStandInAnyOrderAndOthersAreIgnored() {
        FileTable table = csv("note,grade,image_id\nx,3,A\n\"a, \"\"b\"\"\",0, B \n");
        assertThat(table.text("image_id")).containsExactly("A", " B ");
        assertThat(table.grade("grade")).containsExactly(3, 0);
        assertThat(table.text("note")).containsExactly("x", "a, \"b\"");
    }

    @Test
    void aByteOrderMarkAndWindowsLineEndsAreNoPartOfTheValues() {
        FileTable table = csv("\uFEFFimage_id,grade\r\nŌsaka,2\r\n");
        assertThat(table.text("image_id")).containsExactly("Ōsaka");
        assertThat(table.grade("grade")).containsExactly(2);
    }

    @Test
    void theLineOfARowIsTheOneItStartsOn() {
        FileTable table = csv("image_id,grade\n\"two\nlines\",0\n\nB,9\n");
        assertThatThrownBy(() -> table.grade("grade"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("in.csv:5, column grade: not a grade 0..4: 9");
        assertThat(table.where(0, "grade")).endsWith("in.csv:2, column grade");
    }

    @Test
    void anythingButAWholeNumberFrom0To4IsNoGrade() {
        for (String bad : List.of("5", "2.5", "", "NaN", "-1", " 2", "2 ", "00", "2.", "1e0", "２")) {
            assertThatThrownBy(() -> csv("id,grade\nA," + bad + "\n").grade("grade"))
                    .as(bad)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(":2, column grade: not a grade 0..4: " + (bad.isEmpty() ? "\"\"" : bad));
        }
        assertThat(csv("id,grade\nA,2.0\n").grade("grade")).containsExactly(2);
    }

    @Test
    void theFirstTenBadRowsAreNamedAndAllAreCounted() {
        StringBuilder text = new StringBuilder("id,grade\n");
        for (int i = 0; i < 25; i++) {
            text.append("A,7\n");
        }
        assertThatThrownBy(() -> csv(text.toString()).grade("grade"))
                .hasMessageContaining(":11, column grade")
                .hasMessageNotContaining(":12, column grade")
                .hasMessageEndingWith("... and 15 more (25 in all)");
    }

    @Test
    void missingColumnsAreNamedAtOnceWithTheNearestThatIsThere() {
        assertThatThrownBy(() -> csv("imageid,grades\nA,1\n").require("image_id", "grade"))
                .hasMessageContaining(
                        "no such column: image_id (the nearest is imageid; the file has: imageid, grades)")
                .hasMessageContaining("no such column: grade (the nearest is grades");
        assertThatThrownBy(() -> csv("image_id;grade\nA;1\n").require("image_id"))
                .hasMessageContaining("separate columns by commas");
    }

    @Test
    void aColumnThatStandsTwiceCannotBeAskedFor() {
        FileTable table = csv("id,grade,grade\nA,1,2\n");
        assertThat(table.text("id")).containsExactly("A");
        assertThatThrownBy(() -> table.grade("grade")).hasMessageContaining("column stands there twice: grade");
    }

    @Test
    void repeatedKeysAreNamedWithTheLineOfTheFirst() {
        FileTable table = csv("image_id,reader,grade\nA,r1,1\nB,r1,2\nA,r2,0\n");
        table.unique("image_id", "reader");
        assertThatThrownBy(() -> table.unique("image_id"))
                .hasMessageContaining(":4, column image_id: given twice: A (it stands on line 2 already; keep one)");
    }

    @Test
    void numbersMustBeFiniteAndInTheirRange() {
        for (String bad : List.of("NaN", "nan", "Infinity", "1e999", "", "0x1p-2", "1d", " 0.5", "-0.1", "1.0000001")) {
            assertThatThrownBy(() -> csv("id,p\nA," + bad + "\n").number("p", 0, 1))
                    .as(bad)
                    .hasMessageContaining(":2, column p: ");
        }
        assertThat(csv("id,p\nA,1\nB,2.5e-1\n").number("p", 0, 1)).containsExactly(1, 0.25);
    }

    @Test
    void badNumbersOfSeveralColumnsAreReportedTogether() {
        assertThatThrownBy(() -> csv("p0,p1\n0.5,2\nx,0.5\n").numbers(List.of("p0", "p1"), 0, 1))
                .hasMessageContaining(":2, column p1: outside 0.0..1.0: 2")
                .hasMessageContaining(":3, column p0: not a number: x");
    }

    @Test
    void valIsValidationAndOtherWordsAreRefused() {
        assertThat(csv("part\nval\ntrain\n").part("part")).containsExactly(Part.VALIDATION, Part.TRAIN);
        assertThatThrownBy(() -> csv("part\ndev\n").part("part")).hasMessageContaining("column part: not a part: dev");
    }

    @Test
    void filesThatAreNoTablesAreRefusedInOneSentence() throws IOException {
        assertThatThrownBy(() -> FileTable.read(folder.resolve("none.csv"))).hasMessageContaining("no such file");
        assertThatThrownBy(() -> csv("")).hasMessageContaining("empty file");
        assertThatThrownBy(() -> csv("image_id,grade\n")).hasMessageContaining("no rows");
        assertThatThrownBy(() -> csv("id,grade\nA\n")).hasMessageContaining(":2: row has another number of fields");
        assertThatThrownBy(() -> csv("id,grade\n\"A\"x,1\n")).hasMessageContaining("not readable as CSV");
        Path latin = folder.resolve("latin.csv");
        Files.write(latin, "id,grade\nZoë,1\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> FileTable.read(latin)).hasMessageContaining("not UTF-8");
        Path noParquet = Files.writeString(folder.resolve("x.parquet"), "id,grade\nA,1\n");
        assertThatThrownBy(() -> FileTable.read(noParquet)).hasMessageContaining("not readable as Parquet");
    }

    @Test
    void parquetReadsAsTheSameTable() throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType("message t { required binary image_id (UTF8);"
                + " optional int64 grade; required double p; required float q; optional int32 cents (DECIMAL(6,2));"
                + " repeated int32 ignored; }");
        Path file = folder.resolve("in.parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withType(schema)
                .build()) {
            for (int i = 0; i < 3; i++) {
                Group row = new SimpleGroup(schema);
                row.add("image_id", "Ōsaka " + i);
                if (i != 1) {
                    row.add("grade", (long) i);
                }
                row.add("p", 0.1 + i / 7.0);
                row.add("q", 0.1f);
                row.add("cents", 1250);
                writer.write(row);
            }
        }
        FileTable table = FileTable.read(file);
        assertThat(table.columns()).containsExactly("image_id", "grade", "p", "q", "cents");
        assertThat(table.text("image_id")).containsExactly("Ōsaka 0", "Ōsaka 1", "Ōsaka 2");
        assertThat(table.gradeOrMissing("grade")).containsExactly(0, FileTable.MISSING, 2);
        assertThat(table.number("p", 0, 9)).containsExactly(0.1, 0.1 + 1 / 7.0, 0.1 + 2 / 7.0);
        assertThat(table.number("q", 0, 9)).containsOnly((double) 0.1f);
        assertThat(table.text("cents")).containsOnly("12.50");
        assertThatThrownBy(() -> table.grade("grade"))
                .hasMessageContaining("in.parquet, row 2, column grade: not a grade 0..4: \"\"");
    }

    @Test
    void writtenCsvReadsBackAsItWas() {
        Path file = folder.resolve("out.csv");
        List<List<String>> rows = List.of(List.of("x,y", "a \"b\""), List.of(" lead", "two\nlines"), List.of("#1", ""));
        CsvOut.write(file, List.of("id", "note"), rows);
        FileTable table = FileTable.read(file);
        assertThat(table.text("id")).containsExactly("x,y", " lead", "#1");
        assertThat(table.textOrEmpty("note")).containsExactly("a \"b\"", "two\nlines", "");
        assertThatThrownBy(() -> CsvOut.write(folder.resolve("none/out.csv"), List.of("id"), rows))
                .hasMessageContaining("none/out.csv: no such folder: " + folder.resolve("none"));
    }

    private FileTable csv(String text) {
        try {
            return FileTable.read(Files.writeString(folder.resolve("in.csv"), text));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
