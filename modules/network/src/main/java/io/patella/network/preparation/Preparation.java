package io.patella.network.preparation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patella.cohort.InputException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Every step from the canonical 8-bit gray picture to the probabilities' average (paper, section 2.2): deletterbox, gray / 255,
 * antialiased resize to a square, test-time views of the square, exposure, left and right half of each view resized to the square
 * again, gray repeated to three channels, (x - mean) / std, and how the views' answers are averaged.
 *
 * @param letterbox whether black and white bars are cut off first
 * @param size side of the square, pixels
 * @param interpolation of the resize
 * @param exposure whether each picture's gray is brought to one mean and spread (not in the paper)
 * @param mean per channel, of gray in [0, 1]; three numbers
 * @param std per channel; three positive numbers
 * @param views test-time views
 * @param average how the views' answers become one
 */
public record Preparation(
        Letterbox letterbox,
        int size,
        Interpolation interpolation,
        Exposure exposure,
        List<Double> mean,
        List<Double> std,
        Views views,
        Average average) {
    /** ImageNet's mean and standard deviation, as most backbones want them. */
    public static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);

    public static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);

    /** Changes when the same settings would give other tensors than before. */
    private static final int VERSION = 1;

    private static final List<String> KEYS =
            List.of("average", "deletterbox", "interpolation", "mean", "size", "std", "version", "views");

    /** Black and white bars at the edges. */
    public enum Letterbox {
        REMOVE,
        KEEP
    }

    /** Antialiased resampling. */
    public enum Interpolation {
        BILINEAR,
        BICUBIC;

        /** The word in conf and JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What becomes of a picture's brightness and contrast. */
    public enum Exposure {
        /** Nothing: the paper's way. */
        KEEP,
        /**
         * Each view's gray to mean 0.5 and standard deviation 0.25, not clamped, so that an over-exposed or a faint picture looks to the
         * network like any other. A blank one becomes 0.5 everywhere.
         */
        STANDARDISE;

        /** The word in conf and JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Test-time views: identity, flip, rotations (counter-clockwise degrees, outside is black). */
    public enum Views {
        /** Identity alone. */
        ONE(0),
        /** Identity and flip, not in the paper: a mirrored knee gets the same answer, for half of what four views cost. */
        TWO(2),
        /** Identity, flip, +5, -5. */
        FOUR(4),
        /** Identity, flip, +3, -3, +5, -5, +7, -7. */
        EIGHT(8);

        private final int number;

        Views(int number) {
            this.number = number;
        }

        /** The number in conf and JSON: 0, 4 or 8, as the paper's Table S1 counts, or 2. */
        public int number() {
            return number;
        }

        /** How many times the network sees a picture: 1, 2, 4 or 8. */
        public int count() {
            return Math.max(1, number);
        }

        boolean flip(int view) {
            return view == 1;
        }

        /** Degrees: none for identity and flip, then pairs of +a and -a. */
        double angle(int view) {
            if (view < 2) {
                return 0;
            }
            int magnitude = this == FOUR ? 5 : 3 + 2 * ((view - 2) / 2);
            return view % 2 == 0 ? magnitude : -magnitude;
        }

        /**
         * The views of a number.
         *
         * @throws InputException for anything but 0, 2, 4, 8
         */
        public static Views of(int number, String where) {
            return Arrays.stream(values())
                    .filter(each -> each.number == number)
                    .findFirst()
                    .orElseThrow(() -> new InputException(where, "not a number of views", number, "use 0, 2, 4 or 8"));
        }
    }

    /** How the views' answers become one (the paper says probabilities in section 2.2 and logits in 2.7). */
    public enum Average {
        PROBABILITIES,
        LOGITS;

        /** The word in conf and JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Checks the ranges.
     *
     * @throws InputException when a value is out of range
     */
    public Preparation {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (size < 16 || size > 2048) {
            throw new InputException("preparation.size", "outside 16..2048", size, "networks want 224 or 384");
        }
        if (mean.size() != 3 || mean.stream().anyMatch(m -> !Double.isFinite(m))) {
            throw new InputException("preparation.mean", "must be three numbers", mean, "ImageNet: " + IMAGENET_MEAN);
        }
        if (std.size() != 3 || std.stream().anyMatch(s -> !(s > 0 && Double.isFinite(s)))) {
            throw new InputException(
                    "preparation.std", "must be three positive numbers", std, "ImageNet: " + IMAGENET_STD);
        }
    }

    /** The paper's preparation at one size with ImageNet's normalisation and without test-time views. */
    public static Preparation standard(int size) {
        return new Preparation(
                Letterbox.REMOVE,
                size,
                Interpolation.BILINEAR,
                Exposure.KEEP,
                IMAGENET_MEAN,
                IMAGENET_STD,
                Views.ONE,
                Average.PROBABILITIES);
    }

    /** The same with another normalisation. */
    public Preparation normalised(List<Double> mean, List<Double> std) {
        return new Preparation(letterbox, size, interpolation, exposure, mean, std, views, average);
    }

    /** The same with other test-time views. */
    public Preparation with(Views views) {
        return new Preparation(letterbox, size, interpolation, exposure, mean, std, views, average);
    }

    /** The same with another average. */
    public Preparation with(Average average) {
        return new Preparation(letterbox, size, interpolation, exposure, mean, std, views, average);
    }

    /** The same with or without the bars. */
    public Preparation with(Letterbox letterbox) {
        return new Preparation(letterbox, size, interpolation, exposure, mean, std, views, average);
    }

    /** The same with another exposure. */
    public Preparation with(Exposure exposure) {
        return new Preparation(letterbox, size, interpolation, exposure, mean, std, views, average);
    }

    /**
     * Canonical JSON: one line, keys sorted, shortest decimals. Equal preparations have equal texts. {@code exposure} is written when it
     * is not kept, so that the hashes of bundles from before it existed hold.
     */
    public String json() {
        ObjectNode node = new ObjectMapper().createObjectNode();
        node.put("average", average.word());
        node.put("deletterbox", letterbox == Letterbox.REMOVE);
        if (exposure != Exposure.KEEP) {
            node.put("exposure", exposure.word());
        }
        node.put("interpolation", interpolation.word());
        mean.forEach(node.putArray("mean")::add);
        node.put("size", size);
        std.forEach(node.putArray("std")::add);
        node.put("version", VERSION);
        node.put("views", views.number());
        return node.toString();
    }

    /** {@code sha256:} and the hash of {@link #json()}: the preparation hash that stands beside every grade. */
    public String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json().getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What of this decides the square that training caches: everything before views and normalisation. */
    public String squareKey() {
        return "deletterbox=" + (letterbox == Letterbox.REMOVE) + ",size=" + size + ",interpolation="
                + interpolation.word() + ",version=" + VERSION;
    }

    /**
     * Reads what {@link #json()} writes.
     *
     * @param where what to name in messages: the file
     * @throws InputException for unknown or missing keys and values out of range
     */
    public static Preparation parse(JsonNode node, String where) {
        TreeSet<String> keys = new TreeSet<>();
        node.fieldNames().forEachRemaining(keys::add);
        boolean exposed = keys.remove("exposure");
        if (!keys.equals(new TreeSet<>(KEYS))) {
            throw new InputException(where + ", preparation", "keys do not fit", keys, "expected " + KEYS);
        }
        if (node.get("version").asInt() != VERSION) {
            throw new InputException(
                    where + ", preparation",
                    "unknown version",
                    node.get("version"),
                    "this Patella knows version " + VERSION + "; use the one that wrote the file");
        }
        return new Preparation(
                node.get("deletterbox").asBoolean() ? Letterbox.REMOVE : Letterbox.KEEP,
                node.get("size").asInt(),
                word(Interpolation.values(), node.get("interpolation").asText(), where + ", preparation.interpolation"),
                exposed
                        ? word(Exposure.values(), node.get("exposure").asText(), where + ", preparation.exposure")
                        : Exposure.KEEP,
                numbers(node.get("mean")),
                numbers(node.get("std")),
                Views.of(node.get("views").asInt(), where + ", preparation.views"),
                word(Average.values(), node.get("average").asText(), where + ", preparation.average"));
    }

    private static List<Double> numbers(JsonNode array) {
        List<Double> out = new java.util.ArrayList<>();
        array.forEach(each -> out.add(each.asDouble(Double.NaN)));
        return out;
    }

    private static <E extends Enum<E>> E word(E[] values, String word, String where) {
        for (E each : values) {
            if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
                return each;
            }
        }
        throw new InputException(
                where,
                "unknown word",
                word,
                "use one of " + Arrays.toString(values).toLowerCase(Locale.ROOT));
    }
}
