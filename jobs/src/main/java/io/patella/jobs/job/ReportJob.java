package io.patella.jobs.job;

import io.patella.cohort.InputException;
import io.patella.jobs.job.report.ReportTables;
import io.patella.report.ReportPage;
import io.patella.report.facts.Report;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Tables in, one self-contained HTML page out. The page appears whole or not at all. */
public final class ReportJob {
    private ReportJob() {}

    /**
     * Writes the page.
     *
     * @param out the file; its folder must exist
     * @return the file
     * @throws InputException when a cohort or a folder is not there
     */
    public static Path write(JobRun run, ReportTables.Wanted wanted, Path out) {
        Path file = out.toAbsolutePath().normalize();
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new InputException("--out", "no such folder", folder == null ? out : folder, "make the folder first");
        }
        if (Files.isDirectory(file)) {
            throw new InputException(
                    "--out", "is a folder", out, "name the page, such as " + out.resolve("report.html"));
        }
        run.phase("reading the tables");
        Report report = ReportTables.read(run.warehouse(), wanted);
        run.phase("writing " + file);
        String html = ReportPage.html(report);
        Path draft = folder.resolve(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.writeString(draft, html);
            move(draft, file);
        } catch (IOException e) {
            throw new InputException("--out", "cannot be written", file, e.toString());
        }
        run.count("evaluated", report.performances().size());
        run.count("bytes", html.length());
        return file;
    }

    private static void move(Path draft, Path file) throws IOException {
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
