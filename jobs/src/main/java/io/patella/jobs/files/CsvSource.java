package io.patella.jobs.files;

import io.patella.cohort.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads CSV as RFC 4180 has it, in strict UTF-8. */
final class CsvSource {
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get();

    private CsvSource() {}

    static FileTable read(Path file) {
        String name = file.toString();
        long line = 0;
        try (Reader reader = open(file);
                CSVParser parser =
                        CSVParser.builder().setReader(reader).setFormat(FORMAT).get()) {
            Iterator<CSVRecord> records = parser.iterator();
            if (!records.hasNext()) {
                throw new InputException(name, "empty file", "0 bytes of table", "the first line names the columns");
            }
            List<String> header = records.next().toList();
            List<TextColumn> columns = new ArrayList<>();
            header.forEach(each -> columns.add(new TextColumn()));
            int[] lines = new int[1024];
            int rows = 0;
            line = parser.getCurrentLineNumber();
            while (records.hasNext()) {
                CSVRecord record = records.next();
                line = parser.getCurrentLineNumber();
                int start = (int) (line - lineBreaks(record));
                if (record.size() != header.size()) {
                    throw new InputException(
                            name + ":" + start,
                            "row has another number of fields than the header",
                            record.size() + " instead of " + header.size(),
                            "quote fields that hold commas or line breaks, write empty fields as ,,");
                }
                for (int c = 0; c < header.size(); c++) {
                    columns.get(c).add(record.get(c));
                }
                if (rows == lines.length) {
                    lines = Arrays.copyOf(lines, 2 * rows);
                }
                lines[rows++] = start;
            }
            return new FileTable(name, header, columns, rows == 0 ? new int[0] : Arrays.copyOf(lines, rows), rows);
        } catch (UncheckedIOException e) {
            throw unreadable(name, line, cause(e));
        } catch (IOException e) {
            throw unreadable(name, line, e);
        }
    }

    private static Reader open(Path file) throws IOException {
        // a decoder, not a charset: malformed bytes are refused, not replaced
        BufferedReader reader = new BufferedReader(
                new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8.newDecoder()), 1 << 16);
        reader.mark(1);
        if (reader.read() != '\uFEFF') {
            reader.reset();
        }
        return reader;
    }

    private static IOException cause(UncheckedIOException wrapped) {
        IOException cause = wrapped.getCause();
        return cause == null ? new IOException(wrapped) : cause;
    }

    private static InputException unreadable(String name, long line, IOException cause) {
        if (cause instanceof CharacterCodingException) {
            return new InputException(name, "not UTF-8", "after line " + line, "save the file as CSV UTF-8");
        }
        return new InputException(
                name, "not readable as CSV", cause.getMessage(), "mend the quoting after line " + line);
    }

    private static int lineBreaks(CSVRecord record) {
        int breaks = 0;
        for (String value : record) {
            for (int i = 0; i < value.length(); i++) {
                boolean pair = value.charAt(i) == '\r' && i + 1 < value.length() && value.charAt(i + 1) == '\n';
                if (value.charAt(i) == '\n' || (value.charAt(i) == '\r' && !pair)) {
                    breaks++;
                }
            }
        }
        return breaks;
    }
}
