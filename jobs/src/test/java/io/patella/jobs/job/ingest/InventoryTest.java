package io.patella.jobs.job.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import io.patella.cohort.Laterality;
import io.patella.cohort.Part;
import io.patella.imaging.QuarantineReason;
import io.patella.jobs.conf.Conf;
import io.patella.jobs.conf.IngestConf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InventoryTest {
    private static final IngestConf CONF = IngestConf.standard();

    @TempDir
    private Path folder;

    @Test
    void theShippedConfIsTheDefault() {
        Path file = Path.of(System.getProperty("patella.root"), "conf", "ingest", "standard.yaml");
        assertThat(Conf.read(file, IngestConf.class, List.of())).isEqualTo(CONF);
    }

    @Test
    void overridesReachTheDefaults() {
        IngestConf conf = IngestConf.standard(List.of("columns.path=file", "window=\"0:4095\""));
        assertThat(conf.columns().path()).isEqualTo("file");
        assertThat(conf.columns().patient()).isEqualTo("patient");
        assertThat(conf.window()).isEqualTo("0:4095");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4095:0", "x:9", "-1:5", "12"})
    void aWindowThatIsNoneIsRefused(String window) {
        assertThatThrownBy(() -> IngestConf.standard(List.of("window=\"" + window + "\"")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no window: ");
    }

    @Test
    void gradePatientAndSideComeFromThePath() throws IOException {
        put("val/3/9001400L.png", "train/0/12R.JPG", "index.csv");
        Inventory found = Inventory.of(folder, CONF);
        assertThat(found.leftAlone()).isEqualTo(1);
        assertThat(found.claims()).hasSize(2);
        Claim claim = found.claims().get(1);
        assertThat(claim.imageId()).isEqualTo("9001400L");
        assertThat(claim.patientId()).isEqualTo("9001400");
        assertThat(claim.laterality()).isEqualTo(Laterality.LEFT);
        assertThat(claim.grade()).isEqualTo(3);
        assertThat(claim.part()).isEqualTo(Part.VALIDATION);
        assertThat(claim.reader()).isEqualTo("published");
    }

    @Test
    void readerAndGradeComeFromThePathWhereNamesSayNothing() throws IOException {
        put("MedicalExpert-I/0Normal/NormalG0 (1).jpg", "MedicalExpert-II/3Moderate/NormalG0 (1).jpg");
        List<Claim> claims = Inventory.of(folder, CONF).claims();
        assertThat(claims).extracting(Claim::reader).containsExactly("MedicalExpert-I", "MedicalExpert-II");
        assertThat(claims).extracting(Claim::grade).containsExactly(0, 3);
        assertThat(claims).extracting(Claim::imageId).containsOnlyNulls();
    }

    @Test
    void filesWithNoPlaceInTheLayoutAreRefused() throws IOException {
        put("0/1L.png", "1/2R.png", "stray.png", "holdout/2/3L.png", "9/4L.png", "2/nobody.png");
        assertThat(Inventory.of(folder, CONF).refused())
                .extracting(Refused::reason)
                .containsExactlyInAnyOrder(
                        QuarantineReason.UNEXPECTED_PLACE,
                        QuarantineReason.UNEXPECTED_PLACE,
                        QuarantineReason.GRADE_OUTSIDE_0_TO_4,
                        QuarantineReason.UNKNOWN_PATIENT);
    }

    @Test
    void aMissingFolderIsNamed() {
        assertThatThrownBy(() -> Inventory.of(folder.resolve("nowhere"), CONF))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no such folder or manifest: " + folder.resolve("nowhere"));
    }

    @Test
    void aFolderWithoutPicturesIsRefused() throws IOException {
        put("notes.txt");
        assertThatThrownBy(() -> Inventory.of(folder, CONF))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no pictures in this folder")
                .hasMessageContaining("1 other files");
    }

    @Test
    void anUnknownLayoutSaysWhichAreKnown() throws IOException {
        put("knees/a.png", "knees/b.png");
        assertThatThrownBy(() -> Inventory.of(folder, CONF))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("laid out in no way known here")
                .hasMessageContaining("knees/a.png and 1 more")
                .hasMessageContaining("write a manifest");
    }

    @Test
    void aColumnThatSomebodyNamedMustBeThere() throws IOException {
        Files.writeString(folder.resolve("m.csv"), "path,patient\na.png,1\n");
        IngestConf conf = IngestConf.standard(List.of("columns.patient=patnr"));
        assertThatThrownBy(() -> Inventory.of(folder.resolve("m.csv"), conf))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no such column: patnr (");
    }

    @Test
    void theShippedConfsReadTheirIndexFiles() throws IOException {
        Files.writeString(
                folder.resolve("oai.csv"),
                "file,part,grade,patient,side,encoding,looks_inverted,source_pixels_sha256\n"
                        + "val/0/9001L.png,val,0,9001,L,png,0,00\n");
        Claim oai = claim("oai-index.yaml", "oai.csv");
        assertThat(oai.imageId()).isEqualTo("9001L");
        assertThat(oai.part()).isEqualTo(Part.VALIDATION);
        Files.writeString(
                folder.resolve("two.csv"),
                "reader,grade,file,source_pixels_sha256,group,width,height,view,source_mode\n"
                        + "MedicalExpert-I,2,MedicalExpert-I/2Mild/M (1).jpg,00,c89b,300,162,one knee,RGB 8-bit\n");
        Claim two = claim("two-reader-index.yaml", "two.csv");
        assertThat(two.imageId()).isNull();
        assertThat(two.patientId()).isEqualTo("c89b");
        assertThat(two.reader()).isEqualTo("MedicalExpert-I");
        assertThat(two.grade()).isEqualTo(2);
    }

    private Claim claim(String conf, String manifest) {
        Path file = Path.of(System.getProperty("patella.root"), "conf", "ingest", conf);
        return Inventory.of(folder.resolve(manifest), Conf.read(file, IngestConf.class, List.of()))
                .claims()
                .get(0);
    }

    private void put(String... paths) throws IOException {
        for (String path : paths) {
            Files.createDirectories(folder.resolve(path).getParent());
            Files.write(folder.resolve(path), new byte[] {1});
        }
    }
}
