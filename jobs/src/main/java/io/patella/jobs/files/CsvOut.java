package io.patella.jobs.files;

import io.patella.cohort.InputException;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes a table as CSV (RFC 4180 quoting, UTF-8, {@code \n}) in one go: the file is there whole or not at all. */
public final class CsvOut {
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

    private CsvOut() {}

    /**
     * Writes {@code header} and {@code rows} to {@code file}, replacing it.
     *
     * @throws InputException when the file cannot be written there, or its name asks for Parquet
     */
    public static void write(Path file, List<String> header, Iterable<? extends List<?>> rows) {
        if (FileTable.isParquet(file)) {
            throw new InputException(file.toString(), "answers are written as CSV", file, "end the name in .csv");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new InputException(
                    file.toString(), "no such folder", folder == null ? file : folder, "make the folder first");
        }
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) { // /dev/stdout, a pipe
                write(Files.newBufferedWriter(file, StandardCharsets.UTF_8), header, rows);
                return;
            }
            Path draft = folder.resolve(
                    "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            try {
                write(Files.newBufferedWriter(draft, StandardCharsets.UTF_8), header, rows);
                Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new InputException(file.toString(), "not writable", e, "name a file that you may write");
        }
    }

    private static void write(Writer to, List<String> header, Iterable<? extends List<?>> rows) throws IOException {
        try (CSVPrinter printer = new CSVPrinter(to, FORMAT)) {
            printer.printRecord(header);
            for (List<?> row : rows) {
                printer.printRecord(row);
            }
        }
    }
}
