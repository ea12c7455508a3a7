package io.patella.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditFileTest {
    @TempDir
    private Path folder;

    @Test
    void leaksAreCountedAndNamed() throws IOException {
        AuditAnswer answer = AuditFile.run(file("""
                image_id,patient_id,grade,part,pixel_sha256,perceptual_hash
                1L,1,0,train,a,0000000000000000
                1R,1,2,test,b,ffffffffffffffff
                2L,2,1,val,a,0000000000000000
                """));
        assertThat(answer.clean()).isFalse();
        assertThat(answer.straddlingPatients()).isEqualTo(1);
        assertThat(answer.identicalAcrossParts()).isEqualTo(1);
        assertThat(answer.examples())
                .contains(
                        "patient 1 is in train and in test",
                        "pictures 1L, 2L are identical and are in train and in validation (patients 1, 2)");
        assertThat(answer.text()).startsWith("this split leaks");
        assertThat(JsonAnswer.text(answer))
                .contains("\"patients\":{\"train\":1,\"validation\":1,\"test\":1}")
                .contains("\"near_identical_threshold\":");
    }

    @Test
    void whatWasNotLookedAtIsSaid() throws IOException {
        AuditAnswer answer = AuditFile.run(file("image_id,patient_id,grade,part\n1L,1,0,train\n2L,2,1,test\n"));
        assertThat(answer.clean()).isTrue();
        assertThat(answer.nearIdenticalThreshold()).isNull();
        assertThat(answer.madeBy()).isEqualTo("cannot be told");
        assertThat(answer.notes()).hasSize(2);
    }

    @Test
    void aHashThatIsNo64BitsIsRefused() throws IOException {
        Path bad = file("image_id,patient_id,grade,part,perceptual_hash\n1L,1,0,train,xyz\n");
        assertThatThrownBy(() -> AuditFile.run(bad))
                .hasMessageContaining(":2, column perceptual_hash: not 64 bits: xyz (write 16 hexadecimal digits)");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("in.csv"), text);
    }
}
