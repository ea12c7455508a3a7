package io.patella.tables.row;

import static org.apache.spark.sql.types.DataTypes.BinaryType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.util.Arrays;
import java.util.Objects;

/** A row of {@code pictures}; the comments of {@link #TABLE} say what each component is. Two rows are equal when their bytes are. */
@SuppressWarnings("ArrayRecordComponent") // pixels travel as bytes; equals below compares them
public record PictureRow(String cohort, String imageId, String encoding, int width, int height, byte[] bytes) {
    /** The canonical pixels themselves, {@code width * height} bytes row by row from the top. */
    public static final String GRAY = "gray";

    /** A PNG file whose decoded pixels are the canonical ones. */
    public static final String PNG = "png";

    /** A JPEG file whose decoded pixels are the canonical ones. */
    public static final String JPEG = "jpeg";

    /** Apart from {@code radiographs} and in small row groups, so that nobody's query reads pixels. */
    public static final TableDefinition<PictureRow> TABLE = TableDefinition.of(
                    "pictures", "The canonical 8-bit gray picture, before deletterboxing", PictureRow::decode)
            .key("cohort", StringType, Words.COHORT, PictureRow::cohort)
            .key("image_id", StringType, Words.IMAGE, PictureRow::imageId)
            .required("encoding", StringType, "How bytes are encoded: gray (raw), png or jpeg", PictureRow::encoding)
            .required("width", IntegerType, "Columns of the picture, in pixels", PictureRow::width)
            .required("height", IntegerType, "Rows of the picture, in pixels", PictureRow::height)
            .required("bytes", BinaryType, "The picture", PictureRow::bytes)
            .partitionedBy("cohort")
            .property("write.parquet.row-group-size-bytes", Integer.toString(4 << 20))
            .property("write.parquet.compression-codec", "uncompressed")
            .property("write.parquet.page-size-bytes", Integer.toString(256 << 10))
            // hardly two pictures are equal, and nobody asks which is less
            .property("write.parquet.dict-encoding-enabled.column.bytes", "false")
            .property("write.parquet.stats-enabled.column.bytes", "false")
            .property("write.metadata.metrics.column.bytes", "none")
            .property("write.target-file-size-bytes", Integer.toString(128 << 20))
            .property("read.split.target-size", Integer.toString(8 << 20));

    private static PictureRow decode(Cells cells) {
        return new PictureRow(
                cells.text(), cells.text(), cells.text(), cells.integer(), cells.integer(), cells.bytes());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PictureRow that
                && cohort.equals(that.cohort)
                && imageId.equals(that.imageId)
                && encoding.equals(that.encoding)
                && width == that.width
                && height == that.height
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(cohort, imageId, encoding, width, height, Arrays.hashCode(bytes));
    }
}
