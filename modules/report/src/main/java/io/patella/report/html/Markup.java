package io.patella.report.html;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Builds HTML and SVG that also parse as XML: every element is closed, every attribute quoted, all text escaped. Whatever
 * a user's file, patient or model is called, it cannot become markup.
 */
public final class Markup {
    /** Elements after which a new line starts, so that the source can be read. */
    private static final Set<String> BLOCKS = Set.of(
            "html",
            "head",
            "body",
            "meta",
            "title",
            "style",
            "header",
            "nav",
            "main",
            "section",
            "aside",
            "footer",
            "h1",
            "h2",
            "h3",
            "h4",
            "p",
            "ul",
            "ol",
            "li",
            "dl",
            "dt",
            "dd",
            "div",
            "figure",
            "figcaption",
            "table",
            "caption",
            "thead",
            "tbody",
            "tr",
            "svg",
            "g",
            "path",
            "rect",
            "line",
            "circle",
            "text",
            "desc",
            "img",
            "details",
            "summary",
            "pre");

    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /**
     * Opens an element.
     *
     * @param attributes names and values in turn
     */
    public Markup open(String element, String... attributes) {
        start(element, attributes);
        out.append('>');
        open.push(element);
        return this;
    }

    /** Closes the element opened last. */
    public Markup close() {
        String element = open.pop();
        out.append("</").append(element).append('>');
        lineAfter(element);
        return this;
    }

    /** An element with nothing inside, e.g. {@code meta}, {@code img}, {@code path}. */
    public Markup empty(String element, String... attributes) {
        start(element, attributes);
        out.append("/>");
        lineAfter(element);
        return this;
    }

    /** An element with text inside. */
    public Markup leaf(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close();
    }

    /** Text, escaped. */
    public Markup text(String text) {
        escape(text);
        return this;
    }

    /** Appends finished markup. */
    public Markup append(Markup other) {
        out.append(other.finished());
        return this;
    }

    /** The style sheet; it must not hold {@code &} or {@code <}. */
    Markup style(String sheet) {
        if (sheet.indexOf('<') >= 0 || sheet.indexOf('&') >= 0) {
            throw new IllegalArgumentException("a style sheet with < or & is not well-formed in XML");
        }
        start("style");
        out.append(">\n").append(sheet).append("</style>\n");
        return this;
    }

    private String finished() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("left open: " + open);
        }
        return out.toString();
    }

    /** The markup; every element must be closed. */
    @Override
    public String toString() {
        return open.isEmpty() ? out.toString() : out + " ... left open: " + open;
    }

    private void start(String element, String... attributes) {
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
    }

    private void lineAfter(String element) {
        if (BLOCKS.contains(element)) {
            out.append('\n');
        }
    }

    private void escape(String text) {
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> out.appendCodePoint(isXml(c) ? c : 0xFFFD);
            }
        });
    }

    /** The characters that XML 1.0 allows. */
    private static boolean isXml(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || (c >= 0x20 && c <= 0xD7FF)
                || (c >= 0xE000 && c <= 0xFFFD)
                || c >= 0x10000;
    }
}
