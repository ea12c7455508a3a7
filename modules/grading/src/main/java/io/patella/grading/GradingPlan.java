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
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * What an executor must know to grade: which bundle, in which mode, how many pictures at once. Travels with the tasks; the bundle
 * itself travels once per executor, as a file of the application.
 *
 * @param file the bundle's zip among the application's files
 * @param model the bundle's hash
 * @param mode how forward passes are computed
 * @param batch pictures per forward pass, at least 1
 */
public record GradingPlan(String file, String model, ExecutionMode mode, int batch) implements Serializable {
    /**
     * Hands the bundle to all executors of the session.
     *
     * @throws io.patella.cohort.InputException when the bundle cannot be opened
     */
    public static GradingPlan of(SparkSession spark, Path bundle, ExecutionMode mode, int batch) {
        try (Bundle opened = Bundle.open(bundle)) {
            String name = "bundle-" + opened.hash().replace("sha256:", "").substring(0, 16) + ".zip";
            Path folder = Files.createTempDirectory("patella-shipped");
            folder.toFile().deleteOnExit();
            Path zip = folder.resolve(name);
            zip.toFile().deleteOnExit();
            opened.pack(zip);
            if (!spark.sparkContext().listFiles().exists(file -> file.endsWith(name))) {
                spark.sparkContext().addFile(zip.toUri().toString());
            }
            return new GradingPlan(name, opened.hash(), mode, batch);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot pack " + bundle + " for the executors", e);
        }
    }

    /** The bundle's zip on this executor. */
    Path local() {
        return Path.of(SparkFiles.get(file));
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
