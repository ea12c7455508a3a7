package io.patella.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.patella.report.facts.Heading;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens the page in a real browser where one is installed. */
class ReportInChromiumTest {
    @TempDir
    Path folder;

    private String chromium = "";

    @BeforeEach
    void writeThePage() throws Exception {
        Optional<String> found = Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
        assumeTrue(found.isPresent(), "no Chromium on the PATH: the page is not opened");
        chromium = found.get();
        Files.writeString(folder.resolve("report.html"), ReportPage.html(SampleReport.full(Heading.Origin.PHANTOMS)));
    }

    /** A frame of that width around the page, which writes down what it measures. */
    private String measuredAt(int width) throws Exception {
        Files.writeString(folder.resolve("frame.html"), """
                <!DOCTYPE html><body><iframe src="report.html" style="border:0;width:%dpx;height:900px"></iframe><p></p>
                <script>onload = () => {
                  const page = document.querySelector('iframe').contentDocument.documentElement;
                  document.querySelector('p').textContent =
                      'wide=' + page.scrollWidth + ' seen=' + page.clientWidth + ' high=' + page.scrollHeight;
                }</script></body>
                """.formatted(width));
        return browse("--allow-file-access-from-files", "--dump-dom", "frame.html");
    }

    private String browse(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                chromium,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--enable-logging=stderr",
                "--user-data-dir=" + folder.resolve("profile")));
        for (String each : arguments) {
            command.add(each.endsWith(".html") ? folder.resolve(each).toUri().toString() : each);
        }
        Path out = folder.resolve("out.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("Chromium ends").isTrue();
        return new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
    }

    @Test
    void phoneNeedsNoHorizontalScroll() throws Exception {
        Matcher measured =
                Pattern.compile("wide=(\\d+) seen=(\\d+) high=(\\d+)").matcher(measuredAt(390));
        assertThat(measured.find()).isTrue();
        assertThat(Integer.parseInt(measured.group(3)))
                .as("the page was laid out")
                .isGreaterThan(5_000);
        assertThat(Integer.parseInt(measured.group(1))).isLessThanOrEqualTo(Integer.parseInt(measured.group(2)));
    }

    @Test
    void browserHasNothingToComplainAbout() throws Exception {
        String log = browse("--dump-dom", "report.html");
        assertThat(log).contains("Grades of three models on two cohorts");
        assertThat(log.lines().filter(line -> line.contains("CONSOLE"))).isEmpty();
    }
}
