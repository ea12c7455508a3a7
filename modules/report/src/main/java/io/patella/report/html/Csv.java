package io.patella.report.html;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Rows that travel inside the page, behind a link that downloads them. */
public final class Csv {
    private Csv() {}

    /** Fields as one line, quoted where RFC 4180 asks for it. */
    public static String line(List<String> fields) {
        return fields.stream().map(Csv::field).collect(Collectors.joining(",", "", "\n"));
    }

    /** A link that downloads {@code csv} under a name made from {@code caption}. */
    public static void link(Markup html, String caption, String csv) {
        html.leaf(
                "a",
                "CSV",
                "class",
                "csv",
                "download",
                DataTable.fileName(caption) + ".csv",
                "aria-label",
                "Download as CSV: " + caption,
                "href",
                "data:text/csv;charset=utf-8;base64,"
                        + Base64.getEncoder().encodeToString(csv.getBytes(StandardCharsets.UTF_8)));
    }

    private static String field(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
