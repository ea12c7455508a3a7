package io.patella.grading;

import io.patella.engine.ExecutionMode;
import io.patella.engine.Prediction;
import io.patella.imaging.Decoded;
import io.patella.imaging.Decoder;
import io.patella.imaging.Scaling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A Spark ML Transformer that grades a column of encoded pictures (PNG, JPEG, TIFF; such as {@code content} of Spark's {@code
 * binaryFile} source).
 *
 * <p>Stands in the place of DJL's Spark extension, which is not published for Spark 4, with its setters ({@code setModelUrl}, {@code
 * setBatchSize}, {@code setInputCols}, {@code setOutputCol}, {@code setEngine}), and differs in this: one opened bundle per executor JVM and
 * device, closed when done; gray pictures of 8 bits, or of 16 with {@link #setWindow}; a picture that cannot be read becomes a row with
 * {@code error} and stops nothing.
 *
 * <p>The output column is a struct: {@code grade int, ordinal array<double>, distribution array<double>, binary double, p_kl_ge_2 double,
 * scale string, flag string, error string}; either {@code grade} or {@code error} is null. {@code flag} says why a grade should not be
 * believed ({@link io.patella.engine.Flag}), mostly null.
 */
public final class GradingTransformer extends Transformer {
    private static final StructType ANSWER = new StructType()
            .add("grade", DataTypes.IntegerType)
            .add("ordinal", DataTypes.createArrayType(DataTypes.DoubleType, false))
            .add("distribution", DataTypes.createArrayType(DataTypes.DoubleType, false))
            .add("binary", DataTypes.DoubleType)
            .add("p_kl_ge_2", DataTypes.DoubleType)
            .add("scale", DataTypes.StringType)
            .add("flag", DataTypes.StringType)
            .add("error", DataTypes.StringType);

    private final String uid;
    private final Param<String> modelUrl;
    private final Param<String> engine;
    private final IntParam batchSize;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final Param<String> mode;
    private final Param<String> window;

    /** With a random uid. */
    public GradingTransformer() {
        this(Identifiable$.MODULE$.randomUID("patella"));
    }

    /** Spark's own way to make one, for reading and copying. */
    public GradingTransformer(String uid) {
        this.uid = uid; // parameters take it as their parent: first of all
        modelUrl = new Param<>(this, "modelUrl", "path of a bundle, folder or zip");
        engine = new Param<>(this, "engine", "PyTorch is the only one");
        batchSize = new IntParam(this, "batchSize", "pictures per forward pass");
        inputCol = new Param<>(this, "inputCol", "column of encoded pictures, binary");
        outputCol = new Param<>(this, "outputCol", "column for the answers");
        mode = new Param<>(this, "mode", "execution mode, such as cpu-f32");
        window = new Param<>(this, "window", "LOW:HIGH for 16-bit pictures, empty refuses them");
        setDefault(engine, "PyTorch");
        setDefault(batchSize, 16);
        setDefault(inputCol, "content");
        setDefault(outputCol, "grading");
        setDefault(mode, ExecutionMode.CPU_F32.word());
        setDefault(window, "");
    }

    /** The bundle, a path that the driver can read. */
    public GradingTransformer setModelUrl(String value) {
        set(modelUrl, value);
        return this;
    }

    /** Accepted for users of DJL's extension; PyTorch is the only engine. */
    public GradingTransformer setEngine(String value) {
        if (!value.equals("PyTorch")) {
            throw new IllegalArgumentException("engine " + value + ": bundles run on PyTorch");
        }
        set(engine, value);
        return this;
    }

    /** Pictures per forward pass, at least 1; default 16. */
    public GradingTransformer setBatchSize(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("batchSize " + value + ": at least 1");
        }
        set(batchSize, value);
        return this;
    }

    /** The one column of encoded pictures; default {@code content}. */
    public GradingTransformer setInputCols(String[] value) {
        if (value.length != 1) {
            throw new IllegalArgumentException(
                    "inputCols " + Arrays.toString(value) + ": one column of encoded pictures");
        }
        set(inputCol, value[0]);
        return this;
    }

    /** Default {@code grading}. */
    public GradingTransformer setOutputCol(String value) {
        set(outputCol, value);
        return this;
    }

    /** Execution mode by its word; default {@code cpu-f32}. */
    public GradingTransformer setMode(String value) {
        set(mode, ExecutionMode.parse(value, "mode").word());
        return this;
    }

    /** Maps 16-bit values low..high to 0..255; without it 16-bit pictures are refused. */
    public GradingTransformer setWindow(int low, int high) {
        new Scaling.Window(low, high);
        set(window, low + ":" + high);
        return this;
    }

    /** Spark finds parameters by these accessors. */
    public Param<String> modelUrl() {
        return modelUrl;
    }

    public Param<String> engine() {
        return engine;
    }

    public IntParam batchSize() {
        return batchSize;
    }

    public Param<String> inputCol() {
        return inputCol;
    }

    public Param<String> outputCol() {
        return outputCol;
    }

    public Param<String> mode() {
        return mode;
    }

    public Param<String> window() {
        return window;
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public Transformer copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    @Override
    public StructType transformSchema(StructType schema) {
        String input = getOrDefault(inputCol);
        StructField field = Arrays.stream(schema.fields())
                .filter(each -> each.name().equals(input))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no column " + input + " among " + Arrays.toString(schema.fieldNames())));
        if (!field.dataType().equals(DataTypes.BinaryType)) {
            throw new IllegalArgumentException("column " + input + " is "
                    + field.dataType().simpleString() + ", expected binary: encoded pictures");
        }
        return schema.add(getOrDefault(outputCol), ANSWER, true);
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType out = transformSchema(dataset.schema());
        GradingPlan plan = GradingPlan.of(
                dataset.sparkSession(),
                Path.of(getOrDefault(modelUrl)),
                ExecutionMode.parse(getOrDefault(mode), "mode"),
                (int) getOrDefault(batchSize));
        String text = getOrDefault(window);
        int colon = text.indexOf(':');
        Scaling scaling = colon < 0
                ? new Scaling.Refuse()
                : new Scaling.Window(
                        Integer.parseInt(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
        // by place, not by name: rows that come from another map know no names
        int input = out.fieldIndex(getOrDefault(inputCol));
        return dataset.toDF().mapPartitions(new Answer(plan, input, scaling), Encoders.row(out));
    }

    /** What runs in the executor. */
    private static final class Answer implements MapPartitionsFunction<Row, Row> {
        private final GradingPlan plan;
        private final int input;
        private final Scaling scaling;

        private Answer(GradingPlan plan, int input, Scaling scaling) {
            this.plan = plan;
            this.input = input;
            this.scaling = scaling;
        }

        @Override
        public Iterator<Row> call(Iterator<Row> rows) {
            if (!rows.hasNext()) {
                return rows;
            }
            Decoder decoder = Decoder.strict().with(scaling);
            GradedPartition<Row> graded = new GradedPartition<>(
                    rows, row -> decode(decoder, row.getAs(input)), OpenedBundles.of(plan), plan.batch());
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return graded.hasNext();
                }

                @Override
                public Row next() {
                    GradedPartition.Outcome<Row> outcome = graded.next();
                    List<@Nullable Object> cells = new ArrayList<>();
                    for (int i = 0; i < outcome.row().length(); i++) {
                        cells.add(outcome.row().get(i));
                    }
                    cells.add(
                            outcome instanceof GradedPartition.Outcome.Graded<Row> good
                                    ? answer(good.prediction())
                                    : refusal(((GradedPartition.Outcome.Refused<Row>) outcome).why()));
                    return RowFactory.create(cells.toArray());
                }
            };
        }

        private static Decoded decode(Decoder decoder, byte @Nullable [] file) {
            return decoder.decode(file == null ? new byte[0] : file);
        }

        private static Row answer(Prediction prediction) {
            return RowFactory.create(
                    prediction.grade(),
                    prediction.ordinal() == null ? null : prediction.ordinal().toArray(),
                    prediction.distribution().toArray(),
                    prediction.binary(),
                    prediction.pKlGe2(),
                    prediction.scale().grades().toString(),
                    prediction.flag() == null
                            ? null
                            : prediction.flag().reason() + ": "
                                    + prediction.flag().detail(),
                    null);
        }

        private static Row refusal(Decoded.Quarantined why) {
            return RowFactory.create(null, null, null, null, null, null, null, why.reason() + ": " + why.detail());
        }
    }
}
