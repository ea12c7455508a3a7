package io.patella.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.cohort.Laterality;
import io.patella.cohort.Part;
import io.patella.tables.row.CurveRow;
import io.patella.tables.row.EvaluationRow;
import io.patella.tables.row.GradeRow;
import io.patella.tables.row.ModelRow;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.QuarantineRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReadingRow;
import io.patella.tables.row.ReferenceGradeRow;
import io.patella.tables.row.RunRow;
import io.patella.tables.row.TableDefinition;
import io.patella.tables.row.Tables;
import io.patella.tables.row.TrainingHistoryRow;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whatever record is written comes back equal, through an executor and through Iceberg, in every table. */
class RoundTripSparkTest {
    @TempDir
    static Path folder;

    private static Warehouse warehouse;

    @BeforeAll
    static void open() {
        warehouse = Warehouse.open(LocalSpark.session(folder.resolve("warehouse")));
    }

    @AfterAll
    static void forget() {
        warehouse = null;
    }

    @TestFactory
    List<DynamicTest> everyRecordComesBackEqual() {
        List<DynamicTest> tests = List.of(
                law(RadiographRow.TABLE, RadiographRow.class),
                law(PictureRow.TABLE, PictureRow.class),
                law(ReadingRow.TABLE, ReadingRow.class),
                law(ReferenceGradeRow.TABLE, ReferenceGradeRow.class),
                law(PartRow.TABLE, PartRow.class),
                law(ModelRow.TABLE, ModelRow.class),
                law(GradeRow.TABLE, GradeRow.class),
                law(EvaluationRow.TABLE, EvaluationRow.class),
                law(CurveRow.TABLE, CurveRow.class),
                law(TrainingHistoryRow.TABLE, TrainingHistoryRow.class),
                law(QuarantineRow.TABLE, QuarantineRow.class),
                law(RunRow.TABLE, RunRow.class));
        assertThat(tests).as("a law for every table").hasSameSizeAs(Tables.ALL);
        return tests;
    }

    private static <T extends Record> DynamicTest law(TableDefinition<T> definition, Class<T> type) {
        return DynamicTest.dynamicTest(definition.name(), () -> {
            Random random = new Random(definition.name().hashCode());
            List<T> records = IntStream.range(0, 25)
                    .mapToObj(i -> record(definition, type, random))
                    .toList();
            var throughExecutors = warehouse
                    .rows(definition, records)
                    .repartition(2)
                    .mapPartitions((MapPartitionsFunction<Row, Row>) rows -> rows, definition.encoder());
            assertThat(warehouse.append(definition, throughExecutors).rows()).isEqualTo(25);
            assertThat(warehouse.collect(definition, warehouse.read(definition)))
                    .containsExactlyInAnyOrderElementsOf(records);

            List<T> fromDriver = IntStream.range(0, 25)
                    .mapToObj(i -> record(definition, type, random))
                    .toList();
            assertThat(warehouse.append(definition, fromDriver).rows()).isEqualTo(25);
            List<T> all = warehouse.collect(definition, warehouse.read(definition));
            assertThat(all).hasSize(50).containsAll(records).containsAll(fromDriver);
            if (definition.columns().contains("cohort")) {
                warehouse
                        .read(definition)
                        .select("cohort")
                        .where("cohort is not null")
                        .distinct()
                        .collectAsList()
                        .forEach(row -> assertThat(warehouse.collect(definition, row.getString(0)))
                                .as("read without a job")
                                .containsExactlyInAnyOrderElementsOf(
                                        warehouse.collect(definition, warehouse.read(definition, row.getString(0)))));
            }
            records.forEach(record ->
                    assertThat(definition.toRecord(definition.toRow(record))).isEqualTo(record));
        });
    }

    /** A record with random components; those whose column may be null are null now and then. */
    private static <T extends Record> T record(TableDefinition<T> definition, Class<T> type, Random random) {
        try {
            RecordComponent[] components = type.getRecordComponents();
            Object[] values = new Object[components.length];
            Class<?>[] types = new Class<?>[components.length];
            for (int i = 0; i < values.length; i++) {
                types[i] = components[i].getType();
                boolean absent = definition.schema().fields()[i].nullable() && random.nextInt(3) == 0;
                values[i] = absent ? null : value(components[i], random);
            }
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Object value(RecordComponent component, Random random) {
        Class<?> type = component.getType();
        if (type == int.class || type == Integer.class) {
            return component.getName().equals("grade") ? random.nextInt(5) : random.nextInt();
        }
        if (type == String.class) {
            return text(random);
        }
        if (type == long.class || type == Long.class) {
            return random.nextLong();
        }
        if (type == double.class || type == Double.class) {
            return random.nextGaussian() * 1e-3;
        }
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        if (type == Laterality.class) {
            return Laterality.parse("LRBU".substring(random.nextInt(4)).substring(0, 1), "");
        }
        if (type == Part.class) {
            return List.of(Part.TRAIN, Part.VALIDATION, Part.TEST).get(random.nextInt(3));
        }
        if (type == Instant.class) {
            return Instant.EPOCH.plus(Math.abs(random.nextLong() % 4_000_000_000_000_000L), ChronoUnit.MICROS);
        }
        if (type == byte[].class) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            return bytes;
        }
        if (type == List.class) {
            boolean texts =
                    ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0] == String.class;
            List<Object> list = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                list.add(texts ? text(random) : (Object) random.nextDouble());
            }
            return list;
        }
        if (type == Map.class) {
            boolean texts =
                    ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[1] == String.class;
            Map<String, Object> map = new HashMap<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                map.put(text(random), texts ? text(random) : (Object) random.nextLong());
            }
            return map;
        }
        throw new AssertionError("no generator for " + component);
    }

    private static String text(Random random) {
        String letters = "aZ09 .,;:'\"\\(){}\n\täß→日";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
