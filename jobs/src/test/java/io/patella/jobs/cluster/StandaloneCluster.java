package io.patella.jobs.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Spark's master and workers, a JVM each, started from the folder of jars. Their own class path is Spark's alone, as on a cluster that
 * knows nothing of Patella: what the application needs must travel with it.
 */
final class StandaloneCluster implements AutoCloseable {
    /** Ours, and what a Spark installation does not have. */
    private static final Pattern NOT_SPARKS = Pattern.compile(
            "(cohort|imaging|statistics|network|engine|tables|grading|evaluating|report|jobs)-0.*|(api|pytorch|iceberg|sqlite|picocli).*");

    private final Path folder;
    private final Path jars;
    private final List<Process> processes = new ArrayList<>();
    private final int port;

    private StandaloneCluster(Path folder, Path jars, int port) {
        this.folder = folder;
        this.jars = jars;
        this.port = port;
    }

    /** Starts a master and {@code workers} workers of one core each, and waits until all of them are registered. */
    static StandaloneCluster start(Path dist, Path folder, int workers) throws Exception {
        Path jars = Files.createDirectories(folder.resolve("spark-home/jars"));
        try (Stream<Path> lib = Files.list(dist.resolve("lib"));
                Stream<Path> spark = Files.list(dist.resolve("spark"))) {
            for (Path jar : Stream.concat(lib, spark).toList()) {
                String name = jar.getFileName().toString();
                if (!NOT_SPARKS.matcher(name).matches()) {
                    Files.createSymbolicLink(jars.resolve(name), jar);
                }
            }
        }
        StandaloneCluster cluster = new StandaloneCluster(folder, jars, freePort());
        try {
            cluster.launch("master", "master.Master", "--port", "" + cluster.port, "--webui-port", "" + freePort());
            cluster.await("master", "I have been elected leader", 1);
            for (int i = 1; i <= workers; i++) {
                Path work = Files.createDirectories(folder.resolve("work-" + i));
                cluster.launch(
                        "worker-" + i,
                        "worker.Worker",
                        "--cores",
                        "1",
                        "--memory",
                        "1500m",
                        "--webui-port",
                        "" + freePort(),
                        "--work-dir",
                        work.toString(),
                        cluster.url());
            }
            cluster.await("master", "Registering worker", workers);
            return cluster;
        } catch (Exception e) {
            cluster.close();
            throw e;
        }
    }

    /** {@code spark://host:port}. */
    String url() {
        return "spark://127.0.0.1:" + port;
    }

    /** How many executor JVMs a worker has started so far. */
    long executors(int worker) throws IOException {
        try (Stream<String> lines = Files.lines(log("worker-" + worker))) {
            return lines.filter(line -> line.contains("Asked to launch executor"))
                    .count();
        }
    }

    private void launch(String name, String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of(System.getProperty("patella.root"), "conf", "jvm.args"),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                jars + "/*",
                "org.apache.spark.deploy." + main,
                "--host",
                "127.0.0.1"));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(name).toFile());
        builder.environment().put("SPARK_HOME", jars.getParent().toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        processes.add(builder.start());
    }

    private void await(String name, String words, int times) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < end) {
            try (Stream<String> lines = Files.lines(log(name))) {
                if (lines.filter(line -> line.contains(words)).count() >= times) {
                    return;
                }
            }
            if (processes.stream().anyMatch(each -> !each.isAlive())) {
                break;
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException(
                "'" + words + "' did not come " + times + " times:\n" + Files.readString(log(name)));
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        // workers before the master: they take their executors with them
        try {
            for (int i = processes.size() - 1; i >= 0; i--) {
                processes.get(i).destroy();
                if (!processes.get(i).waitFor(20, TimeUnit.SECONDS)) {
                    processes.get(i).destroyForcibly();
                }
            }
        } catch (InterruptedException e) {
            processes.forEach(Process::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }
}
