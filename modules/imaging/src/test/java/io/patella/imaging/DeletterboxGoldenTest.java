package io.patella.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class DeletterboxGoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/preprocess");

    @TestFactory
    List<DynamicTest> boxEqualsTheReference() throws IOException {
        Matcher entry = Pattern.compile(
                        "\"(\\S+)\": \\{\\s+\"height\": (\\d+),\\s+\"width\": (\\d+),\\s+\"top_bottom_left_right\": \\[(\\d+), (\\d+), (\\d+), (\\d+)\\]")
                .matcher(Files.readString(FOLDER.resolve("boxes.json")));
        List<DynamicTest> all = new ArrayList<>();
        while (entry.find()) {
            String name = entry.group(1);
            Box expected = new Box(
                    Integer.parseInt(entry.group(4)),
                    Integer.parseInt(entry.group(5)),
                    Integer.parseInt(entry.group(6)),
                    Integer.parseInt(entry.group(7)));
            all.add(DynamicTest.dynamicTest(
                    name, () -> assertThat(Deletterbox.box(picture(name))).isEqualTo(expected)));
        }
        assertThat(all).hasSize(20);
        return all;
    }

    @Test
    void aBoxThatWasCutOutHasNoBarsLeft() throws IOException {
        Gray8 kept = picture("black_and_white_corners");
        kept = kept.crop(Deletterbox.box(kept));
        assertThat(Deletterbox.box(kept)).isEqualTo(new Box(0, kept.height(), 0, kept.width()));
    }

    private static Gray8 picture(String name) throws IOException {
        return PictureBytes.decode(Files.readAllBytes(FOLDER.resolve("images/" + name + ".png")));
    }
}
