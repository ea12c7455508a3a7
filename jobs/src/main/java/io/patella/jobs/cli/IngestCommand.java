package io.patella.jobs.cli;

import io.patella.jobs.conf.Conf;
import io.patella.jobs.conf.IngestConf;
import io.patella.jobs.files.JsonAnswer;
import io.patella.jobs.files.TextTable;
import io.patella.jobs.job.IngestJob;
import io.patella.jobs.job.IngestJob.Ingested;
import io.patella.jobs.job.JobRun;
import io.patella.jobs.job.ingest.Inventory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code patella ingest --cohort NAME FOLDER|MANIFEST}. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = {
            "Takes pictures into the tables of a cohort. Only what is not there yet is added; what cannot be used goes to"
                    + " the table quarantine, with the reason.",
            "FOLDER is laid out as [<part>/]<grade>/<patient><L|R>.png or as <reader>/<grade><name>/<name>.jpg; MANIFEST is"
                    + " a CSV or Parquet file with columns path, patient, laterality, grade ... (other names: conf/ingest)."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class IngestCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER|MANIFEST", description = "Where the pictures are.")
    private Path source;

    @Option(names = "--cohort", required = true, paramLabel = "NAME", description = "The cohort to add to.")
    private String cohort;

    @Option(names = "--conf", paramLabel = "FILE", description = "How to read the source (conf/ingest/standard.yaml).")
    private @Nullable Path conf;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key of the conf.")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--window",
            paramLabel = "LOW:HIGH",
            description = "Brings 16-bit pictures to 8 bits: LOW black, HIGH white.")
    private @Nullable String window;

    @Option(names = "--full-range", description = "Brings 16-bit pictures to 8 bits by dividing by 257.")
    private boolean fullRange;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        IngestConf settings = settings();
        Inventory inventory = Inventory.of(source, settings);
        Ingested ingested = JobRun.of(
                        "ingest",
                        cohort,
                        IngestJob.described(source, settings),
                        spec.commandLine().getErr())
                .run(run -> {
                    Ingested done = IngestJob.ingest(run, cohort, inventory, settings);
                    run.summary(summary(done));
                    return done;
                });
        if (json) {
            JsonAnswer.print(ingested, spec.commandLine().getOut());
        }
        return Patella.DONE;
    }

    private IngestConf settings() {
        List<String> all = new ArrayList<>(overrides);
        if (window != null) {
            all.add("window=\"" + window + "\"");
        }
        if (fullRange) {
            all.add("full-range=true");
        }
        return conf == null ? IngestConf.standard(all) : Conf.read(conf, IngestConf.class, all);
    }

    private static String summary(Ingested done) {
        TextTable table = new TextTable("what", "number");
        table.row("files opened", done.files())
                .row("radiographs added", done.images())
                .row("radiographs there already", done.imagesBefore())
                .row("readings added", done.readings())
                .row("patients in a published part", done.parts())
                .row("pictures that share their pixels", done.sharingPixels());
        done.quarantined()
                .forEach((reason, count) -> table.row("put aside: " + reason.toLowerCase(Locale.ROOT), count));
        StringBuilder text = new StringBuilder(table.text());
        done.notes().forEach(note -> text.append(note).append('\n'));
        if (done.images() == 0 && done.readings() == 0 && done.quarantineRows() == 0) {
            text.append("nothing new: the cohort ").append(done.cohort()).append(" holds all of this already\n");
        } else if (!done.quarantined().isEmpty()) {
            text.append("why: patella query \"select source_uri, reason, detail from quarantine where cohort = '")
                    .append(done.cohort())
                    .append("'\"\n");
        }
        return text.append(String.format(
                        Locale.ROOT, "%.1f s, %.0f files a second%n", done.seconds(), done.imagesPerSecond()))
                .toString();
    }
}
