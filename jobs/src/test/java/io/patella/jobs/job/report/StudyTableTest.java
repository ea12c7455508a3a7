package io.patella.jobs.job.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.report.facts.Estimate;
import io.patella.report.facts.Tabulation;
import io.patella.report.facts.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyTableTest {
    @TempDir
    Path folder;

    @Test
    void boundsBecomeIntervalsAndTheFileNameTheTitle() throws Exception {
        Path file = folder.resolve("label-efficiency.csv");
        Files.writeString(file, "share,images,QWK,QWK lower,QWK upper\n25 %,310,0.71,0.68,0.75\n50 %,620,,,\n");
        Tabulation table = StudyTable.read(file);
        assertThat(table.title()).isEqualTo("Label efficiency");
        assertThat(table.columns()).containsExactly("share", "images", "QWK");
        assertThat(table.rows().get(0))
                .containsExactly(Value.words("25 %"), Value.count(310), new Estimate(0.71, 0.68, 0.75));
        assertThat(table.rows().get(1).get(2)).isEqualTo(Estimate.undefined());
    }

    @Test
    void shortRowIsNamedWithItsLine() throws Exception {
        Path file = folder.resolve("tta.csv");
        Files.writeString(file, "views,QWK\n0\n");
        assertThatThrownBy(() -> StudyTable.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("tta.csv:2: another number of fields than the header: 1 instead of 2");
    }
}
