package io.patella.cohort.planted;

import io.patella.jobs.conf.Conf;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Breaks the rules of ModuleArrowsTest on purpose: a class of a pure module that knows jobs and Spark. */
final class Violation {
    private Violation() {}

    static String version(SparkSession spark) {
        return spark.version();
    }

    static String read(Path file) {
        return Conf.read(file, OneKey.class, List.of()).key();
    }

    record OneKey(String key) {}
}
