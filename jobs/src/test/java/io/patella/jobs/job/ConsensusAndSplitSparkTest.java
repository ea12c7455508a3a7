package io.patella.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.cohort.Laterality;
import io.patella.cohort.Part;
import io.patella.cohort.consensus.ConsensusTable;
import io.patella.cohort.consensus.Protocol;
import io.patella.jobs.files.ConsensusFile;
import io.patella.jobs.files.JsonAnswer;
import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReadingRow;
import io.patella.tables.row.ReferenceGradeRow;
import io.patella.tables.row.RunRow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsensusAndSplitSparkTest {
    @TempDir
    Path folder;

    private final StringWriter log = new StringWriter();
    private Warehouse warehouse;

    @BeforeEach
    void open() {
        warehouse = Warehouse.open(LocalSpark.session(folder.resolve("warehouse")));
    }

    private <R> R inRun(String job, JobRun.Work<R> work) {
        return JobRun.of(job, "c", Map.of(), new PrintWriter(log)).run(work);
    }

    private static List<ReadingRow> readings(int images) {
        Random random = new Random(7);
        List<ReadingRow> readings = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            int grade = random.nextInt(5);
            readings.add(new ReadingRow("c", "i" + i, "A", null, 1, grade, "r"));
            if (i % 10 != 0) {
                int other = i % 4 == 0 ? (grade + 1) % 5 : grade;
                readings.add(new ReadingRow("c", "i" + i, "B", null, 1, other, "r"));
            }
        }
        return readings;
    }

    private static RadiographRow radiograph(int image, String patient, String pixels) {
        return new RadiographRow(
                "c",
                "i" + image,
                patient,
                image % 2 == 0 ? Laterality.LEFT : Laterality.RIGHT,
                null,
                null,
                "file:/i" + image,
                "s" + image,
                pixels,
                10,
                10,
                8,
                null,
                null,
                false,
                false,
                false,
                "r",
                Instant.EPOCH);
    }

    private static List<RadiographRow> radiographs(int images) {
        List<RadiographRow> all = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            all.add(radiograph(i, "p" + i / 2, i == 5 || i == 9 ? "same" : "x" + i));
        }
        return all;
    }

    private void gradedCohort(int images) {
        warehouse.append(RadiographRow.TABLE, radiographs(images));
        warehouse.append(ReadingRow.TABLE, readings(images));
        inRun("consensus", run -> ConsensusJob.run(run, "c", Protocol.UNANIMOUS));
    }

    private static SplitJob.Request request(String split, long seed) {
        return new SplitJob.Request("c", split, seed, "70,15,15");
    }

    @Test
    void theJobAnswersAsTheRuleOverTheWholeTableDoes() {
        List<ReadingRow> readings = readings(200);
        Collections.shuffle(readings, new Random(1));
        warehouse.append(ReadingRow.TABLE, readings);
        warehouse.append(ReadingRow.TABLE, List.of(new ReadingRow("other", "i0", "A", null, 1, 3, "r")));

        ConsensusJob.Report report = inRun("consensus", run -> ConsensusJob.run(run, "c", null));

        ConsensusTable expected = ConsensusTable.of(
                Protocol.UNANIMOUS, readings.stream().map(ReadingRow::toReading).toList());
        assertThat(report.counts()).isEqualTo(ConsensusFile.Answer.of(expected));
        assertThat(warehouse.collect(ReferenceGradeRow.TABLE, "c"))
                .extracting(ReferenceGradeRow::toReferenceGrade)
                .containsExactlyInAnyOrderElementsOf(expected.outcomes().stream()
                        .filter(each -> each.fold(kept -> true, dropped -> false))
                        .map(each -> each.fold(kept -> kept.reference(), dropped -> null))
                        .toList());
        assertThat(warehouse.read(ReadingRow.TABLE).count()).as("readings stay").isEqualTo(readings.size() + 1);
        assertThat(JsonAnswer.text(report))
                .contains("\"cohort\":\"c\"", "\"reasons\":{\"agreed\":", "\"kept_per_grade\":[");
    }

    @Test
    void aSecondRunWritesNothingAndAnotherProtocolReplaces() {
        warehouse.append(ReadingRow.TABLE, readings(40));
        assertThat(inRun("consensus", run -> ConsensusJob.run(run, "c", null)).changed())
                .isTrue();
        long snapshot = warehouse.snapshot(ReferenceGradeRow.TABLE).orElseThrow();
        assertThat(inRun("consensus", run -> ConsensusJob.run(run, "c", null)).changed())
                .isFalse();
        assertThat(warehouse.snapshot(ReferenceGradeRow.TABLE)).hasValue(snapshot);

        assertThat(inRun("consensus", run -> ConsensusJob.run(run, "c", Protocol.SINGLE))
                        .changed())
                .isTrue();
        assertThat(warehouse.collect(ReferenceGradeRow.TABLE, "c"))
                .hasSize(4)
                .allSatisfy(each -> assertThat(each.protocol()).isEqualTo("single"));
    }

    @Test
    void oneReaderWhoReadTwiceSuggestsNoUnanimity() {
        warehouse.append(
                ReadingRow.TABLE,
                List.of(
                        new ReadingRow("c", "i1", "A", null, 1, 3, "r"),
                        new ReadingRow("c", "i2", "A", null, 1, 3, "r"),
                        new ReadingRow("c", "i2", "A", null, 2, 3, "r")));
        ConsensusJob.Report report = inRun("consensus", run -> ConsensusJob.run(run, "c", null));
        assertThat(report.counts().protocol()).isEqualTo("single");
        assertThat(report.counts().reasons()).containsEntry("single_reading", 1).containsEntry("several_readings", 1);
        ConsensusJob.Report unanimous = inRun("consensus", run -> ConsensusJob.run(run, "c", Protocol.UNANIMOUS));
        assertThat(unanimous.counts().kept()).isZero();
        assertThat(unanimous.counts().reasons()).containsEntry("single_reading", 2);
    }

    @Test
    void stagesSuggestTheCrossover() {
        warehouse.append(
                ReadingRow.TABLE,
                List.of(
                        new ReadingRow("c", "i1", "A", "1", 1, 3, "r"),
                        new ReadingRow("c", "i1", "B", "2", 1, 3, "r"),
                        new ReadingRow("c", "i2", "A", "1", 1, 3, "r"),
                        new ReadingRow("c", "i2", "A", "2", 1, 3, "r")));
        ConsensusJob.Report report = inRun("consensus", run -> ConsensusJob.run(run, "c", null));
        assertThat(report.counts().protocol()).isEqualTo("crossover");
        assertThat(report.counts().reasons()).containsEntry("agreed", 1).containsEntry("same_reader_in_both_stages", 1);
        assertThat(report.text()).contains("cohort c: 1 of 2 images have a reference grade (crossover)");
    }

    @Test
    void aCohortThatIsNotThereIsNamedBesideThoseThatAre() {
        warehouse.append(ReadingRow.TABLE, readings(3));
        assertThatThrownBy(() -> inRun("consensus", run -> ConsensusJob.run(run, "oai", null)))
                .isInstanceOf(InputException.class)
                .hasMessage("--cohort: no readings of this cohort: oai (there are c)");
        assertThatThrownBy(() -> inRun("consensus", run -> ConsensusJob.run(run, "c", Protocol.CROSSOVER)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("readings without a stage: 5");
        assertThatThrownBy(() -> inRun("split", run -> SplitJob.run(run, request("patella", 42))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no reference grades of this cohort: c");
        assertThat(warehouse.collect(RunRow.TABLE, warehouse.read(RunRow.TABLE)))
                .hasSize(3)
                .allSatisfy(run -> assertThat(run.outcome()).isEqualTo(RunRow.FAILED))
                .anySatisfy(run -> assertThat(run.message()).contains("no readings of this cohort: oai"));
    }

    @Test
    void aRunTellsWhatItReadAndWrote() {
        warehouse.append(ReadingRow.TABLE, readings(40));
        long before = warehouse.snapshot(ReadingRow.TABLE).orElseThrow();
        inRun("consensus", run -> ConsensusJob.run(run, "c", null));
        RunRow run = warehouse.collect(RunRow.TABLE, "c").get(0);
        assertThat(run.job()).isEqualTo("consensus");
        assertThat(run.outcome()).isEqualTo(RunRow.DONE);
        assertThat(run.snapshotsRead()).containsEntry("readings", before);
        assertThat(run.snapshotsWritten())
                .containsEntry(
                        "reference_grades",
                        warehouse.snapshot(ReferenceGradeRow.TABLE).orElseThrow());
        assertThat(run.counts()).containsEntry("radiographs", 40L).containsKey("reference_grades_written");
        assertThat(run.versions()).containsKeys("patella", "java", "spark", "iceberg");
        assertThat(run.endedAt()).isAfter(run.startedAt());
        assertThat(log.toString()).startsWith("[   0.").contains("consensus: starting Spark", "consensus: done; run ");
    }

    @Test
    void theSplitIsTheSameHoweverTheTablesAreStored() {
        gradedCohort(120);
        SplitJob.Report report = inRun("split", run -> SplitJob.run(run, request("patella", 42)));
        List<PartRow> parts = warehouse.collect(PartRow.TABLE, "c");

        // the same cohort, appended row by row in another order: other files, other partitions
        Warehouse other = Warehouse.open(LocalSpark.session(folder.resolve("other")));
        List<RadiographRow> shuffled = radiographs(120);
        Collections.shuffle(shuffled, new Random(3));
        other.append(
                RadiographRow.TABLE, other.rows(RadiographRow.TABLE, shuffled).repartition(7));
        List<ReferenceGradeRow> grades = new ArrayList<>(warehouse.collect(ReferenceGradeRow.TABLE, "c"));
        Collections.shuffle(grades, new Random(5));
        other.append(
                ReferenceGradeRow.TABLE,
                other.rows(ReferenceGradeRow.TABLE, grades).repartition(5));
        inRun("split", run -> SplitJob.run(run, request("patella", 42)));
        assertThat(other.collect(PartRow.TABLE, "c"))
                .extracting(each -> each.patientId() + each.stratum() + each.part())
                .containsExactlyInAnyOrderElementsOf(parts.stream()
                        .map(each -> each.patientId() + each.stratum() + each.part())
                        .toList());
        assertThat(report.splits()).hasSize(1);
        assertThat(report.splits().get(0).report().isByPatient()).isTrue();
        assertThat(report.ungraded()).isPositive();
        Map<String, Part> byPatient = report.parts().byPatient();
        assertThat(byPatient.get("p2")).as("p2 and p4 share a picture").isEqualTo(byPatient.get("p4"));
    }

    @Test
    void aSplitThatStandsIsKeptAndNeverChanged() {
        gradedCohort(80);
        assertThat(inRun("split", run -> SplitJob.run(run, request("patella", 42)))
                        .changed())
                .isTrue();
        long snapshot = warehouse.snapshot(PartRow.TABLE).orElseThrow();
        assertThat(inRun("split", run -> SplitJob.run(run, request("patella", 42)))
                        .changed())
                .isFalse();
        assertThatThrownBy(() -> inRun("split", run -> SplitJob.run(run, request("patella", 43))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("split patella of c: stands already and would change")
                .hasMessageContaining("--split NAME");
        assertThat(warehouse.snapshot(PartRow.TABLE)).hasValue(snapshot);
        assertThat(inRun("split", run -> SplitJob.run(run, request("second", 43)))
                        .changed())
                .isTrue();
    }

    @Test
    void aPublishedSplitIsCheckedBesideOurs() {
        gradedCohort(40);
        List<PartRow> published = new ArrayList<>();
        for (int patient = 0; patient < 20; patient++) {
            published.add(
                    new PartRow("c", "chen2019", "p" + patient, null, patient < 15 ? Part.TRAIN : Part.TEST, "r"));
        }
        published.add(new PartRow("c", "chen2019", "p3", null, Part.TEST, "r"));
        warehouse.append(PartRow.TABLE, published);
        SplitJob.Report report = inRun("split", run -> SplitJob.run(run, request("patella", 42)));
        assertThat(report.splits()).extracting(SplitJob.Checked::split).containsExactly("patella", "chen2019");
        assertThat(report.splits().get(1).report().isByPatient()).isFalse();
        assertThat(report.text()).contains("leak: patient p3 is in train and in test");
        assertThat(JsonAnswer.text(report.answer()))
                .contains("\"patients\":{\"train\":", "\"seed\":42", "\"split\":\"chen2019\",\"by_patient\":false");
    }
}
