package io.patella.jobs.files;

import io.patella.cohort.InputException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;

/** Reads the flat columns of Parquet, column by column. Apart, so that commands on CSV load nothing of Parquet. */
final class ParquetSource {
    private ParquetSource() {}

    static FileTable read(Path file) {
        String name = file.toString();
        List<String> header = new ArrayList<>();
        List<TextColumn> columns = new ArrayList<>();
        long rows = 0;
        for (Path part : parts(file)) {
            try (ParquetFileReader reader = ParquetFileReader.open(
                    new LocalInputFile(part), ParquetReadOptions.builder().build())) {
                MessageType schema = reader.getFooter().getFileMetaData().getSchema();
                List<ColumnDescriptor> flat = schema.getColumns().stream()
                        .filter(each -> each.getPath().length == 1 && each.getMaxRepetitionLevel() == 0)
                        .toList();
                List<String> names =
                        flat.stream().map(each -> each.getPath()[0]).toList();
                if (columns.isEmpty()) {
                    header.addAll(names);
                    names.forEach(each -> columns.add(new TextColumn()));
                } else if (!header.equals(names)) {
                    throw new InputException(
                            part.toString(), "part file with other columns", names, "the first part has " + header);
                }
                String writer = reader.getFooter().getFileMetaData().getCreatedBy();
                for (PageReadStore pages = reader.readNextRowGroup();
                        pages != null;
                        pages = reader.readNextRowGroup()) {
                    ColumnReadStoreImpl store = new ColumnReadStoreImpl(
                            pages, new GroupRecordConverter(schema).getRootConverter(), schema, writer);
                    for (int c = 0; c < flat.size(); c++) {
                        readColumn(store.getColumnReader(flat.get(c)), pages.getRowCount(), columns.get(c));
                    }
                    rows += pages.getRowCount();
                }
            } catch (InputException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                throw new InputException(
                        part.toString(), "not readable as Parquet", e.getMessage(), "write it again, or give a CSV");
            }
        }
        return new FileTable(name, header, columns, new int[0], Math.toIntExact(rows));
    }

    /** The file itself, or the part files of the folder that Spark makes of a table. */
    private static List<Path> parts(Path file) {
        if (!Files.isDirectory(file)) {
            return List.of(file);
        }
        try (Stream<Path> inside = Files.list(file)) {
            List<Path> parts = inside.filter(FileTable::isParquet)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
            if (parts.isEmpty()) {
                throw new InputException(file.toString(), "folder without Parquet files", file, "give the file itself");
            }
            return parts;
        } catch (IOException e) {
            throw new InputException(file.toString(), "not readable", e.getMessage(), "check the permissions");
        }
    }

    private static void readColumn(ColumnReader reader, long rows, TextColumn into) {
        PrimitiveType type = reader.getDescriptor().getPrimitiveType();
        int present = reader.getDescriptor().getMaxDefinitionLevel();
        for (long i = 0; i < rows; i++) {
            into.add(reader.getCurrentDefinitionLevel() == present ? text(reader, type) : "");
            reader.consume();
        }
    }

    private static String text(ColumnReader reader, PrimitiveType type) {
        if (type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal) {
            return new BigDecimal(unscaled(reader, type), decimal.getScale()).toPlainString();
        }
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> Boolean.toString(reader.getBoolean());
            case INT32 -> Integer.toString(reader.getInteger());
            case INT64 -> Long.toString(reader.getLong());
            case FLOAT -> Double.toString(reader.getFloat()); // widened exactly
            case DOUBLE -> Double.toString(reader.getDouble());
            case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 -> reader.getBinary().toStringUsingUTF8();
        };
    }

    private static BigInteger unscaled(ColumnReader reader, PrimitiveType type) {
        return switch (type.getPrimitiveTypeName()) {
            case INT32 -> BigInteger.valueOf(reader.getInteger());
            case INT64 -> BigInteger.valueOf(reader.getLong());
            case BINARY, FIXED_LEN_BYTE_ARRAY, INT96, BOOLEAN, FLOAT, DOUBLE -> {
                Binary bytes = reader.getBinary();
                yield new BigInteger(bytes.getBytes());
            }
        };
    }
}
