package io.patella.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.tables.LocalSpark;
import io.patella.tables.Warehouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorSparkTest {
    @TempDir
    Path folder;

    @Test
    void aWarehouseOpenToEverybodyIsWarnedOf() throws Exception {
        Path warehouse = folder.resolve("warehouse");
        Warehouse.open(LocalSpark.session(warehouse));
        assertThat(Doctor.look().text()).contains("12 tables, 0 rows").doesNotContain("open to every user");
        Files.setPosixFilePermissions(warehouse, PosixFilePermissions.fromString("rwxr-xr-x"));
        Doctor.Report report = Doctor.look();
        assertThat(report.isHealthy()).isTrue();
        assertThat(report.findings())
                .anySatisfy(each -> assertThat(each.detail()).contains("open to every user: chmod o-rwx"));
    }

    @Test
    void aWarehouseThatIsNotThereYetIsNoFailure() {
        LocalSpark.session(folder.resolve("nowhere"));
        Doctor.Report report = Doctor.look();
        assertThat(report.isHealthy()).isTrue();
        assertThat(report.text()).contains("no such folder");
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }
}
