package io.patella.network.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patella.cohort.InputException;
import io.patella.network.program.ProgramArchive;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A trained grader, opened: a folder or a zip with {@code bundle.json}, {@code model.pt} (program and weights, once; plain DJL and {@code
 * torch.jit.load} open it), {@code card.md}, and mostly {@code typical.safetensors} ({@link Typical}; bundles without it do not tell
 * pictures that are out of distribution). Hashes of all parts are checked before anything native sees a byte.
 *
 * <p>A zip is unpacked into a temporary folder that {@link #close} removes.
 */
public final class Bundle implements AutoCloseable {
    private static final String DESCRIPTION = "bundle.json";
    private static final String MODEL = "model.pt";
    private static final String CARD = "card.md";
    private static final String TYPICAL = "typical.safetensors";
    private static final List<String> PARTS = List.of(MODEL, CARD);
    private static final List<String> FILES = List.of(DESCRIPTION, MODEL, CARD, TYPICAL);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final FileTime EPOCH = FileTime.fromMillis(315_532_800_000L); // 1980-01-01, zip's first day

    private final Path folder;
    private final @Nullable Path temporary;
    private final BundleDescription description;
    private final @Nullable Typical typical;
    private final String hash;

    private Bundle(
            Path folder,
            @Nullable Path temporary,
            BundleDescription description,
            @Nullable Typical typical,
            String hash) {
        this.folder = folder;
        this.temporary = temporary;
        this.description = description;
        this.typical = typical;
        this.hash = hash;
    }

    /**
     * Opens a bundle and checks every part's hash.
     *
     * @throws InputException when there is none, a part is missing, or a hash does not match
     */
    public static Bundle open(Path path) {
        if (Files.isDirectory(path)) {
            return openFolder(path, null, path.toString());
        }
        if (!Files.isRegularFile(path)) {
            throw new InputException("bundle", "no such file or folder", path, "give a bundle's folder or zip");
        }
        Path temporary = unpack(path);
        try {
            return openFolder(temporary, temporary, path.toString());
        } catch (RuntimeException e) {
            delete(temporary);
            throw e;
        }
    }

    private static Bundle openFolder(Path folder, @Nullable Path temporary, String where) {
        byte[] bytes = read(folder.resolve(DESCRIPTION), where);
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (IOException e) {
            throw new InputException(
                    where, DESCRIPTION + " is no JSON", firstLine(e), "take the bundle from its source");
        }
        BundleDescription description = BundleDescription.parse(root, where);
        JsonNode stated = BundleDescription.required(root, "parts", where);
        List<String> parts = new ArrayList<>(PARTS);
        if (stated.has(TYPICAL)) {
            parts.add(TYPICAL);
        }
        for (String part : parts) {
            Path file = folder.resolve(part);
            if (!Files.isRegularFile(file)) {
                throw new InputException(where, "bundle lacks a part", part, "take the bundle from its source again");
            }
            String expected = BundleDescription.required(stated, part, where).asText();
            String found = sha256(file);
            if (!expected.equals(found)) {
                throw new InputException(
                        where,
                        part + " does not match its hash",
                        found + ", expected " + expected,
                        "it was damaged or changed: take the bundle from its source again");
            }
        }
        ProgramArchive.open(folder.resolve(MODEL)); // refuses archives that are not ours, before the engine sees them
        Typical typical = stated.has(TYPICAL) ? Typical.read(folder.resolve(TYPICAL), where + " " + TYPICAL) : null;
        return new Bundle(folder, temporary, description, typical, identity(bytes));
    }

    /**
     * Writes a bundle: a zip when {@code target} ends in {@code .zip}, else a folder. It appears whole or not at all; one that is there
     * is replaced.
     *
     * @param model the program's archive, as {@link ProgramArchive} writes it
     * @param card what people should know of this grader, Markdown
     * @return the bundle's identity, as {@link #hash}
     */
    public static String write(Path target, BundleDescription description, Path model, String card) {
        return write(target, description, model, card, null);
    }

    /**
     * As {@link #write(Path, BundleDescription, Path, String)}, with where the pictures that it learned from lie.
     *
     * @param typical null for a bundle that does not tell pictures out of distribution
     */
    public static String write(
            Path target, BundleDescription description, Path model, String card, @Nullable Typical typical) {
        try {
            Path parent = target.toAbsolutePath().getParent();
            Files.createDirectories(parent);
            Path building = Files.createTempDirectory(parent, ".bundle");
            try {
                Files.copy(model, building.resolve(MODEL));
                Files.writeString(building.resolve(CARD), card);
                Map<String, String> hashes = new TreeMap<>();
                if (typical != null) {
                    typical.write(building.resolve(TYPICAL));
                }
                for (String part : FILES) {
                    if (Files.exists(building.resolve(part))) {
                        hashes.put(part, sha256(building.resolve(part)));
                    }
                }
                byte[] json = description.json(hashes);
                Files.write(building.resolve(DESCRIPTION), json);
                if (target.getFileName().toString().endsWith(".zip")) {
                    Path zip = building.resolve("bundle.zip");
                    pack(building, zip);
                    Files.move(zip, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                } else {
                    replaceFolder(building, target);
                }
                return identity(json);
            } finally {
                delete(building);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write bundle " + target + ": " + e.getMessage(), e);
        }
    }

    /** What the bundle says of itself. */
    public BundleDescription description() {
        return description;
    }

    /** Where the pictures that it learned from lie among its joined vectors; null when the bundle does not say. */
    public @Nullable Typical typical() {
        return typical;
    }

    /** {@code sha256:} and the hash of {@code bundle.json}, which holds the hashes of all parts: the {@code model} key of the tables. */
    public String hash() {
        return hash;
    }

    /** The program with its weights; valid until {@link #close}. */
    public Path model() {
        return folder.resolve(MODEL);
    }

    /** What people should know of this grader, Markdown. */
    public String card() {
        return new String(read(folder.resolve(CARD), folder.toString()), StandardCharsets.UTF_8);
    }

    /** Writes this bundle as a single zip, the same bytes every time. */
    public void pack(Path zip) {
        try {
            pack(folder, zip);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + zip, e);
        }
    }

    @Override
    public void close() {
        if (temporary != null) {
            delete(temporary);
        }
    }

    private static void pack(Path folder, Path zip) throws IOException {
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (String part : FILES) {
                if (!Files.exists(folder.resolve(part))) {
                    continue;
                }
                ZipEntry entry = new ZipEntry(part);
                entry.setLastModifiedTime(EPOCH); // bytes depend on the content alone
                out.putNextEntry(entry);
                Files.copy(folder.resolve(part), out);
                out.closeEntry();
            }
        }
    }

    /** Only a bundle's own names are taken, so that no entry can leave the folder. */
    private static Path unpack(Path zip) {
        Path folder = null;
        try (ZipFile file = new ZipFile(zip.toFile())) {
            folder = Files.createTempDirectory("patella-bundle");
            for (String part : FILES) {
                ZipEntry entry = file.getEntry(part);
                if (entry == null && part.equals(TYPICAL)) {
                    continue; // whether it must be there stands in bundle.json
                }
                if (entry == null) {
                    throw new InputException(
                            zip.toString(), "bundle lacks a part", part, "take the bundle from its source again");
                }
                try (InputStream in = file.getInputStream(entry)) {
                    Files.copy(in, folder.resolve(part));
                }
            }
            return folder;
        } catch (ZipException e) {
            delete(folder);
            throw new InputException(
                    zip.toString(), "not a bundle's zip", firstLine(e), "give a bundle's folder or zip");
        } catch (IOException e) {
            delete(folder);
            throw new UncheckedIOException("cannot unpack " + zip, e);
        } catch (InputException e) {
            delete(folder);
            throw e;
        }
    }

    private static void replaceFolder(Path building, Path target) throws IOException {
        if (Files.exists(target)) {
            Path old = Files.createTempDirectory(target.toAbsolutePath().getParent(), ".old")
                    .resolve("bundle");
            Files.move(target, old);
            Files.move(building, target);
            delete(old.getParent());
        } else {
            Files.move(building, target);
        }
    }

    private static void delete(@Nullable Path folder) {
        if (folder == null || !Files.exists(folder)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }

    private static byte[] read(Path file, String where) {
        if (!Files.isRegularFile(file)) {
            throw new InputException(where, "not a bundle: lacks", file.getFileName(), "give a bundle's folder or zip");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static String sha256(Path file) {
        MessageDigest digest = digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String identity(byte[] json) {
        return "sha256:" + HexFormat.of().formatHex(digest().digest(json));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String firstLine(IOException e) {
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return message == null ? e.toString() : message.lines().findFirst().orElse("");
    }
}
