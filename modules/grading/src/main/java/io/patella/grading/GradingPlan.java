package io.patella.grading;

import io.patella.engine.Device;
import io.patella.engine.ExecutionMode;
import io.patella.network.bundle.Bundle;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * What an executor must know to grade: which bundle, in which mode, how many pictures at once. Travels with the tasks; the bundle
 * itself travels once per executor, as a broadcast. (Not as a file of the application: since Spark 4.0 the executors of an SQL query
 * are given the files of its session alone, and {@code SparkContext.addFile} adds to none; SPARK-53478.)
 *
 * @param path the bundle where the driver sees it
 * @param zip the bundle's bytes; null in local mode, where the executor is the driver
 * @param model the bundle's hash
 * @param mode how forward passes are computed
 * @param batch pictures per forward pass, at least 1
 */
public record GradingPlan(String path, @Nullable Broadcast<byte[]> zip, String model, ExecutionMode mode, int batch)
        implements Serializable {
    /**
     * Hands the bundle to all executors of the session.
     *
     * @throws io.patella.cohort.InputException when the bundle cannot be opened
     */
    public static GradingPlan of(SparkSession spark, Path bundle, ExecutionMode mode, int batch) {
        try (Bundle opened = Bundle.open(bundle)) {
            return new GradingPlan(bundle.toString(), shipped(spark, opened), opened.hash(), mode, batch);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot pack " + bundle + " for the executors", e);
        }
    }

    private static @Nullable Broadcast<byte[]> shipped(SparkSession spark, Bundle bundle) throws IOException {
        if (spark.sparkContext().isLocal()) {
            return null;
        }
        Path zip = Files.createTempFile("patella-bundle", ".zip");
        try {
            bundle.pack(zip);
            return JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(Files.readAllBytes(zip));
        } finally {
            Files.delete(zip);
        }
    }

    /** The bundle on this executor: a folder or zip. */
    Path local() {
        if (zip == null) {
            return Path.of(path);
        }
        try {
            Path file = Files.createTempFile("patella-bundle", ".zip");
            file.toFile().deleteOnExit();
            return Files.write(file, zip.value());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the bundle on this executor", e);
        }
    }

    /** The graphics card that Spark gave to this task, else the processor; modes for the other kind are left alone. */
    Device device() {
        if (!mode.isCuda()) {
            return Device.CPU;
        }
        TaskContext task = TaskContext.get();
        Map<String, ResourceInformation> resources = task == null ? Map.of() : task.resourcesJMap();
        @Nullable ResourceInformation gpu = resources.get("gpu");
        return gpu == null ? Device.parse("cuda:0", "device") : Device.parse("cuda:" + gpu.addresses()[0], "device");
    }
}
