package io.patella.jobs.job.ingest;

import io.patella.cohort.InputException;
import io.patella.jobs.conf.IngestConf;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a source holds, before any picture is opened.
 *
 * @param layout how the source is laid out, for people
 * @param claims one per picture and reading, in the order of paths and rows
 * @param refused files and rows whose place or values already rule them out
 * @param leftAlone files that are no pictures by their names
 */
public record Inventory(String layout, List<Claim> claims, List<Refused> refused, int leftAlone) {
    public Inventory {
        claims = List.copyOf(claims);
        refused = List.copyOf(refused);
    }

    /**
     * Lists a folder of pictures or reads a manifest.
     *
     * @throws InputException when it is missing, empty, or laid out in no way known here
     */
    public static Inventory of(Path source, IngestConf conf) {
        if (Files.isDirectory(source)) {
            return FolderLayout.list(source, conf);
        }
        if (Files.isRegularFile(source)) {
            return Manifest.read(source, conf);
        }
        throw new InputException(
                "ingest",
                "no such folder or manifest",
                source.toAbsolutePath(),
                "check the path; is the disk mounted?");
    }
}
