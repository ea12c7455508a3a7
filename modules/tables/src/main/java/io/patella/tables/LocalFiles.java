package io.patella.tables;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system, checksums and all, that sets the modes of files by a system call. Hadoop's own starts the program
 * {@code chmod} for every file and folder where its native library is not at hand, a hundred times in a small ingest. Named by
 * {@code spark.sql.catalog.patella.hadoop.fs.file.impl} in {@code conf/spark.properties}; a warehouse works as well without.
 */
public final class LocalFiles extends LocalFileSystem {
    /** For Hadoop, which makes file systems by their class. */
    public LocalFiles() {
        super(new Raw());
    }

    private static final class Raw extends RawLocalFileSystem {
        @Override
        public void setPermission(Path path, FsPermission permission) throws IOException {
            Files.setPosixFilePermissions(
                    pathToFile(path).toPath(),
                    PosixFilePermissions.fromString(permission.getUserAction().SYMBOL
                            + permission.getGroupAction().SYMBOL
                            + permission.getOtherAction().SYMBOL));
        }
    }
}
