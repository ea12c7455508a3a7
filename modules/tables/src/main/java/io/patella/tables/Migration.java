package io.patella.tables;

import static io.patella.tables.row.TableDefinition.CATALOG;
import static io.patella.tables.row.TableDefinition.NAMESPACE;

import io.patella.cohort.InputException;
import io.patella.tables.row.TableDefinition;
import io.patella.tables.row.Tables;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.catalog.ViewCatalog;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.spark.source.SparkView;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Brings a warehouse to the schema of this Patella: makes what is missing, adds columns and properties to tables that lack them,
 * renews views. Nothing is ever dropped or rewritten. A fingerprint of the schema in the namespace's properties tells when there
 * is nothing to do, so that opening costs one look.
 */
final class Migration {
    /** Raised by one with every change of a table or view; {@code SchemaGoldenTest} insists. */
    static final int SCHEMA_VERSION = 4;

    private static final String VERSION_KEY = "patella.schema-version";
    private static final String FINGERPRINT_KEY = "patella.schema-fingerprint";
    private static final Map<String, String> PROPERTIES = Map.of(
            "format-version", "2",
            "commit.retry.num-retries", "20",
            "commit.retry.max-wait-ms", "5000",
            "write.parquet.compression-codec", "zstd",
            // a job writes one cohort: a shuffle by partition would put all of it through one task
            "write.distribution-mode", "none",
            "write.spark.fanout.enabled", "true",
            "write.metadata.delete-after-commit.enabled", "true",
            "write.metadata.previous-versions-max", "50");

    private final SparkSession spark;

    Migration(SparkSession spark) {
        this.spark = spark;
    }

    void bringUpToDate() {
        makeFolder();
        Catalog catalog = Spark3Util.loadIcebergCatalog(spark, CATALOG);
        SupportsNamespaces namespaces = (SupportsNamespaces) catalog;
        Namespace namespace = Namespace.of(NAMESPACE);
        Map<String, String> found =
                namespaces.namespaceExists(namespace) ? namespaces.loadNamespaceMetadata(namespace) : Map.of();
        int version = Integer.parseInt(found.getOrDefault(VERSION_KEY, "0"));
        if (version > SCHEMA_VERSION) {
            throw new InputException(
                    "warehouse " + spark.conf().get(setting("warehouse"), "?"),
                    "written by a newer Patella, schema version",
                    version,
                    "this Patella knows up to " + SCHEMA_VERSION + "; use the newer one");
        }
        String fingerprint = fingerprint();
        if (fingerprint.equals(found.get(FINGERPRINT_KEY))) {
            return;
        }
        if (found.isEmpty()) {
            makeNamespace(namespaces, namespace);
        }
        for (TableDefinition<?> definition : Tables.ALL) {
            bringUpToDate(catalog, definition);
        }
        for (View view : View.ALL) {
            bringUpToDate((ViewCatalog) catalog, view);
        }
        namespaces.setProperties(
                namespace, Map.of(VERSION_KEY, Integer.toString(SCHEMA_VERSION), FINGERPRINT_KEY, fingerprint));
    }

    /**
     * Refuses a local warehouse folder that does not exist.
     *
     * @throws InputException naming it
     */
    void demandFolder() {
        Path folder = localFolder();
        if (folder != null && !Files.exists(folder)) {
            throw new InputException(
                    "warehouse",
                    "no such folder",
                    folder,
                    "run patella ingest or patella demo first, or name another by PATELLA_WAREHOUSE");
        }
    }

    /** A local warehouse folder is made before the catalog's file goes into it, and closed to other users. */
    private void makeFolder() {
        Path folder = localFolder();
        if (folder == null || Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.createDirectories(folder.toAbsolutePath().resolveSibling(".").normalize());
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw new InputException("warehouse", "not a folder", folder, "name another by PATELLA_WAREHOUSE");
            }
        } catch (IOException e) {
            throw new InputException("warehouse", "cannot be made", folder, e.toString());
        }
    }

    /** The warehouse folder when it is one of this machine's, else null. */
    private @Nullable Path localFolder() {
        if (spark.conf().get("spark.sql.catalog." + CATALOG, "").isEmpty()) {
            throw new InputException(
                    "Spark conf",
                    "no catalog named",
                    CATALOG,
                    "start through ./patella, or pass the keys of conf/spark.properties");
        }
        String location = spark.conf().get(setting("warehouse"), "");
        if (location.isEmpty() || (location.contains(":/") && !location.startsWith("file:"))) {
            return null;
        }
        return location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
    }

    private static void makeNamespace(SupportsNamespaces namespaces, Namespace namespace) {
        try {
            namespaces.createNamespace(namespace, Map.of("comment", "Knee radiographs and their grades"));
        } catch (AlreadyExistsException e) {
            // another session made it at the same moment, as wanted
        }
    }

    private static void bringUpToDate(Catalog catalog, TableDefinition<?> definition) {
        TableIdentifier identifier = TableIdentifier.of(NAMESPACE, definition.name());
        Schema wanted = SparkSchemaUtil.convert(definition.schema());
        if (!catalog.tableExists(identifier)) {
            PartitionSpec.Builder partitions = PartitionSpec.builderFor(wanted);
            definition.partitioning().forEach(partitions::identity);
            try {
                catalog.createTable(identifier, wanted, partitions.build(), properties(definition));
                return;
            } catch (AlreadyExistsException e) {
                // another session made it at the same moment: look at it as at any other
            }
        }
        Table table = catalog.loadTable(identifier);
        addColumns(table, definition, wanted);
        addProperties(table, definition);
    }

    private static Map<String, String> properties(TableDefinition<?> definition) {
        Map<String, String> properties = new LinkedHashMap<>(PROPERTIES);
        properties.putAll(definition.properties());
        properties.put("comment", definition.comment());
        return properties;
    }

    /** What {@code CREATE OR REPLACE VIEW} would write, without the analysis of its query, which costs a first command seconds. */
    private static void bringUpToDate(ViewCatalog catalog, View view) {
        Namespace namespace = Namespace.of(NAMESPACE);
        try {
            catalog.buildView(TableIdentifier.of(namespace, view.name()))
                    .withDefaultCatalog(CATALOG)
                    .withDefaultNamespace(namespace)
                    .withSchema(SparkSchemaUtil.convert(view.schema()))
                    .withQuery("spark", view.query())
                    .withProperty("comment", view.comment())
                    .withProperty(
                            SparkView.QUERY_COLUMN_NAMES,
                            String.join(",", view.schema().fieldNames()))
                    .createOrReplace();
        } catch (AlreadyExistsException | CommitFailedException e) {
            // another session made it at the same moment, as wanted
        }
    }

    private static void addColumns(Table table, TableDefinition<?> definition, Schema wanted) {
        UpdateSchema update = table.updateSchema();
        boolean changed = false;
        for (Types.NestedField field : wanted.columns()) {
            Types.NestedField there = table.schema().findField(field.name());
            if (there == null) {
                if (field.isRequired()) {
                    throw new IllegalStateException(
                            "column " + definition.name() + "." + field.name() + " was added but is not optional");
                }
                update.addColumn(field.name(), field.type(), field.doc());
                changed = true;
            } else if (!Objects.equals(there.doc(), field.doc())) {
                update.updateColumnDoc(field.name(), field.doc());
                changed = true;
            }
        }
        if (changed) {
            update.commit();
        }
    }

    /** A property that the table has keeps its value: somebody may have chosen it. */
    private static void addProperties(Table table, TableDefinition<?> definition) {
        Map<String, String> missing = properties(definition);
        missing.keySet().removeAll(table.properties().keySet());
        missing.keySet()
                .removeAll(TableProperties.RESERVED_PROPERTIES); // such as the format: said once, when a table is made
        if (!missing.isEmpty()) {
            UpdateProperties update = table.updateProperties();
            missing.forEach(update::set);
            update.commit();
        }
    }

    /** SHA-256 over everything that bringUpToDate brings about. */
    static String fingerprint() {
        StringBuilder text = new StringBuilder();
        for (TableDefinition<?> table : Tables.ALL) {
            text.append(table.name())
                    .append(table.comment())
                    .append(table.schema().json())
                    .append(table.partitioning())
                    .append(new TreeMap<>(table.properties()));
        }
        text.append(new TreeMap<>(PROPERTIES));
        View.ALL.forEach(view -> text.append(view.name())
                .append(view.comment())
                .append(view.schema().json())
                .append(view.query()));
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String setting(String key) {
        return "spark.sql.catalog." + CATALOG + "." + key;
    }
}
