package io.patella.jobs.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.struct;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.patella.cohort.InputException;
import io.patella.cohort.Reading;
import io.patella.cohort.consensus.Consensus;
import io.patella.cohort.consensus.Protocol;
import io.patella.cohort.consensus.Reason;
import io.patella.jobs.files.ConsensusFile;
import io.patella.tables.row.ReadingRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Readings become reference grades: {@code readings -> reference_grades}. Decides image by image in the executors; readings
 * stay as they are. A result that is there already is not written again.
 */
public final class ConsensusJob {
    private static final StructType OUTCOME = new StructType()
            .add("image_id", DataTypes.StringType, false)
            .add("grade", DataTypes.IntegerType, true)
            .add("readers", DataTypes.createArrayType(DataTypes.StringType), false)
            .add("reason", DataTypes.StringType, false);

    private ConsensusJob() {}

    /**
     * What came of a cohort's readings.
     *
     * @param counts per reason and per grade
     * @param changed whether the table was written; false when it held this result already
     */
    public record Report(String cohort, @JsonUnwrapped ConsensusFile.Answer counts, boolean changed) {
        /** For a terminal. */
        public String text() {
            return "cohort " + cohort + (changed ? ": " : " (as before, nothing written): ") + counts.text();
        }
    }

    /**
     * Decides on every radiograph of the cohort.
     *
     * @param wanted null for the protocol that the readings themselves suggest: crossover when they have stages, unanimous
     *     when any radiograph was read by more than one reader, else single
     * @throws InputException when the cohort has no readings, or they do not fit the protocol
     */
    public static Report run(JobRun run, String cohort, @Nullable Protocol wanted) {
        Dataset<Row> readings = run.warehouse().read(ReadingRow.TABLE, cohort);
        run.phase("looking at the readings of " + cohort);
        Protocol protocol = protocol(run, readings, cohort, wanted);
        run.phase("deciding by the protocol " + protocol.word());
        Dataset<Row> outcomes = readings.groupBy("image_id")
                .agg(collect_list(struct("reader", "stage", "reading", "grade")).as("readings"))
                .mapPartitions(deciding(protocol), Encoders.row(OUTCOME))
                .persist();
        try {
            ConsensusFile.Answer counted = counted(outcomes, protocol);
            Dataset<Row> kept = outcomes.where(col("grade").isNotNull())
                    .select(
                            functions.lit(cohort).as("cohort"),
                            col("image_id"),
                            col("grade"),
                            functions.lit(protocol.word()).as("protocol"),
                            col("readers"),
                            functions.lit(run.id()).as("run_id"));
            boolean changed = differs(run.warehouse().read(ReferenceGradeRow.TABLE, cohort), kept);
            if (changed) {
                run.phase("writing " + counted.kept() + " reference grades");
                run.count(run.warehouse()
                        .replace(ReferenceGradeRow.TABLE, col("cohort").equalTo(cohort), kept));
            }
            run.count("radiographs", counted.images());
            counted.reasons().forEach((reason, count) -> run.count(reason, count));
            run.next("patella split --cohort " + cohort);
            return new Report(cohort, counted, changed);
        } finally {
            outcomes.unpersist();
        }
    }

    private static Protocol protocol(JobRun run, Dataset<Row> readings, String cohort, @Nullable Protocol wanted) {
        Row facts = readings.agg(
                        functions.count(functions.lit(1)),
                        functions.count("stage"),
                        functions.countDistinct("image_id"),
                        functions.collect_set("stage"),
                        functions.countDistinct("image_id", "reader"))
                .head();
        long all = facts.getLong(0);
        if (all == 0) {
            throw new InputException("--cohort", "no readings of this cohort", cohort, known(run));
        }
        Protocol protocol = wanted;
        if (protocol == null) {
            protocol = facts.getLong(1) == all
                    ? Protocol.CROSSOVER
                    : facts.getLong(4) > facts.getLong(2) ? Protocol.UNANIMOUS : Protocol.SINGLE;
        }
        List<String> stages = facts.getList(3);
        if (protocol == Protocol.CROSSOVER && (facts.getLong(1) < all || stages.size() > 2)) {
            throw new InputException(
                    "readings of " + cohort,
                    facts.getLong(1) < all ? "readings without a stage" : "more than two stages",
                    facts.getLong(1) < all
                            ? all - facts.getLong(1)
                            : stages.stream().sorted().collect(Collectors.joining(", ")),
                    "the crossover protocol has two stages; ingest them, or use --protocol unanimous");
        }
        return protocol;
    }

    /** Names the cohorts that there are, for messages. */
    static String known(JobRun run) {
        List<String> cohorts =
                run.warehouse().read(ReadingRow.TABLE).select("cohort").distinct().collectAsList().stream()
                        .map(row -> row.getString(0))
                        .sorted()
                        .toList();
        return cohorts.isEmpty()
                ? "there are none yet; run patella ingest first"
                : "there are " + String.join(", ", cohorts);
    }

    private static MapPartitionsFunction<Row, Row> deciding(Protocol protocol) {
        return images -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return images.hasNext();
            }

            @Override
            public Row next() {
                Row image = images.next();
                String id = image.getString(0);
                List<Reading> readings = new ArrayList<>();
                for (Row each : image.<Row>getList(1)) {
                    readings.add(new Reading(id, each.getString(0), each.getString(1), each.getInt(2), each.getInt(3)));
                }
                return row(protocol.decide(id, readings));
            }
        };
    }

    private static Row row(Consensus consensus) {
        Integer grade =
                consensus instanceof Consensus.Kept kept ? kept.reference().grade() : null;
        List<String> readers = consensus.fold(agreed -> agreed.reference().readers(), Consensus.Dropped::readers);
        return RowFactory.create(
                consensus.imageId(),
                grade,
                CollectionConverters.asScala(readers),
                consensus.reason().word());
    }

    private static ConsensusFile.Answer counted(Dataset<Row> outcomes, Protocol protocol) {
        Map<String, Integer> reasons = new LinkedHashMap<>();
        for (Reason each : Reason.values()) {
            reasons.put(each.word(), 0);
        }
        Integer[] perGrade = {0, 0, 0, 0, 0};
        int images = 0;
        int kept = 0;
        for (Row row : outcomes.groupBy("reason", "grade").count().collectAsList()) {
            int count = Math.toIntExact(row.getLong(2));
            images += count;
            reasons.merge(row.getString(0), count, Integer::sum);
            if (!row.isNullAt(1)) {
                perGrade[row.getInt(1)] += count;
                kept += count;
            }
        }
        return new ConsensusFile.Answer(protocol.word(), images, kept, reasons, List.of(perGrade), List.of());
    }

    private static boolean differs(Dataset<Row> before, Dataset<Row> now) {
        String[] columns = {"grade", "protocol", "readers"};
        Dataset<Row> old = before.select("image_id", columns);
        return old.count() != now.count()
                || !now.select("image_id", columns).except(old).isEmpty();
    }
}
