package io.patella.jobs.conf;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.patella.cohort.InputException;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a YAML file into a record, strictly. Keys are kebab-case, one per record component. Unknown keys (each with the nearest
 * known one), keys that stand there twice and keys that are missing are errors, all of them at once; {@code --set key=value}
 * overrides single values ({@code a.b=1} reaches into nested records). A component marked {@code @Nullable} may stay away and is
 * then null; all others must be there. Records check their own ranges in their compact constructors.
 */
public final class Conf {
    private static final ObjectMapper YAML = YAMLMapper.builder(new YAMLFactory())
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build()
            .setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    private Conf() {}

    /** As {@link #read(String, Path, Class, List)} for the option {@code --conf}. */
    public static <T extends Record> T read(Path file, Class<T> type, List<String> overrides) {
        return read("--conf", file, type, overrides);
    }

    /**
     * Reads {@code file} as a {@code type}.
     *
     * @param argument what the user calls the file: an option, a parameter of a command, a key of another file
     * @param overrides texts {@code key=value}; the value is read as YAML
     * @throws InputException when the file is missing, is no YAML, has unknown, repeated or missing keys or a value that does not fit
     */
    public static <T extends Record> T read(String argument, Path file, Class<T> type, List<String> overrides) {
        if (!Files.isRegularFile(file)) {
            throw new InputException(argument, "no such file", file, "the shipped ones lie in conf/");
        }
        try {
            return parse(Files.readString(file), file.toString(), type, overrides);
        } catch (IOException e) {
            throw new InputException(file.toString(), "not readable", e, "give a text file in UTF-8");
        }
    }

    /** As {@link #read(String, Path, Class, List)} for a text; {@code where} names it in messages. */
    public static <T extends Record> T parse(String yaml, String where, Class<T> type, List<String> overrides) {
        try {
            List<String> wrong = new ArrayList<>();
            return convert(tree(yaml, where, wrong), where, type, overrides, wrong);
        } catch (IOException e) {
            throw new InputException(where, "not readable as YAML", firstLine(e), "mend the line named");
        }
    }

    /** {@code yaml} as a tree; keys that stand there twice, of which it has the last, are noted in {@code wrong}. */
    private static JsonNode tree(String yaml, String where, List<String> wrong) throws IOException {
        try (JsonParser parser = YAML.createParser(yaml)) {
            Deque<Map<String, Integer>> open = new ArrayDeque<>(); // line of every key of the mappings around
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    open.push(new HashMap<>());
                } else if (token == JsonToken.END_OBJECT) {
                    open.pop();
                } else if (token == JsonToken.FIELD_NAME) {
                    int line = parser.currentTokenLocation().getLineNr();
                    Integer before = open.element().putIfAbsent(parser.currentName(), line);
                    if (before != null) {
                        String key = parser.getParsingContext().pathAsPointer().toString();
                        wrong.add(where + ":" + line + ": key stands there twice: "
                                + key.substring(1).replace('/', '.') + " (first in line " + before
                                + "; drop one of the two)");
                    }
                }
            }
        }
        return YAML.readTree(yaml);
    }

    /** {@code conf} as YAML, every key named as {@link #parse} wants it. */
    public static String text(Record conf) {
        try {
            return YAML.writeValueAsString(conf);
        } catch (IOException e) {
            throw new IllegalStateException("conf cannot be written as YAML: " + conf.getClass(), e);
        }
    }

    private static <T extends Record> T convert(
            JsonNode read, String where, Class<T> type, List<String> overrides, List<String> wrong) throws IOException {
        if (!(read instanceof ObjectNode) && !read.isMissingNode() && !read.isNull()) {
            throw new InputException(where, "not a mapping of keys to values", read.getNodeType(), "write key: value");
        }
        ObjectNode tree = read instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        for (String override : overrides) {
            set(tree, override, wrong);
        }
        checkKeys(tree, type, "", where, wrong);
        if (!wrong.isEmpty()) {
            throw new InputException(String.join("\n", wrong));
        }
        try {
            return YAML.treeToValue(tree, type);
        } catch (JsonMappingException e) {
            for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof InputException mistake) {
                    throw new InputException(where + ": " + mistake.getMessage());
                }
            }
            String key = e.getPath().stream()
                    .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                    .collect(Collectors.joining("."));
            throw new InputException(where, "key does not fit", key, firstLine(e));
        }
    }

    private static void set(ObjectNode tree, String override, List<String> wrong) throws IOException {
        int equals = override.indexOf('=');
        if (equals <= 0) {
            throw new InputException("--set", "not key=value", override, "write --set epochs=3");
        }
        String[] path = override.substring(0, equals).split("\\.", -1);
        ObjectNode at = tree;
        for (int i = 0; i < path.length - 1; i++) {
            at = at.get(path[i]) instanceof ObjectNode inner ? inner : at.putObject(path[i]);
        }
        at.set(path[path.length - 1], tree(override.substring(equals + 1), "--set " + override, wrong));
    }

    /** Notes keys that {@code type} does not know or wants and does not find; puts null where a component may stay away. */
    private static void checkKeys(JsonNode node, Type type, String prefix, String where, List<String> wrong) {
        if (type instanceof ParameterizedType list
                && list.getRawType() instanceof Class<?> raw
                && Collection.class.isAssignableFrom(raw)) {
            for (JsonNode element : node) {
                checkKeys(element, list.getActualTypeArguments()[0], prefix, where, wrong);
            }
            return;
        }
        if (!(type instanceof Class<?> record) || !record.isRecord() || !(node instanceof ObjectNode object)) {
            return;
        }
        Map<String, RecordComponent> known = new LinkedHashMap<>();
        for (RecordComponent component : record.getRecordComponents()) {
            known.put(kebab(component.getName()), component);
        }
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            RecordComponent component = known.get(entry.getKey());
            String key = prefix + entry.getKey();
            if (component == null) {
                wrong.add(where + ": unknown key: " + key + " (did you mean " + prefix
                        + nearest(entry.getKey(), known.keySet()) + "?)");
            } else {
                checkKeys(entry.getValue(), component.getGenericType(), key + ".", where, wrong);
            }
        }
        known.forEach((name, component) -> {
            boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            if (optional) {
                object.putIfAbsent(name, JsonNodeFactory.instance.nullNode());
            } else if (object.path(name).isMissingNode() || object.path(name).isNull()) {
                wrong.add(new InputException(where, "key without a value", prefix + name, "write " + name + ": VALUE")
                        .getMessage());
            }
        });
    }

    /** The path that {@code file} writes as {@code path}: a relative one is from the file's folder. */
    public static Path beside(Path file, String path) {
        return file.toAbsolutePath().resolveSibling(path).normalize();
    }

    private static String kebab(String name) {
        return PropertyNamingStrategies.KebabCaseStrategy.INSTANCE.translate(name);
    }

    /** The candidate with the smallest edit distance; the first of equals. */
    public static String nearest(String word, Collection<String> candidates) {
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int distance = editDistance(word, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    private static int editDistance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(substitute, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[b.length()];
    }

    private static String firstLine(Exception e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message.lines().findFirst().orElse("");
    }
}
