package io.patella.jobs.job;

import io.patella.cohort.Laterality;
import io.patella.cohort.Part;
import io.patella.imaging.Gray8;
import io.patella.imaging.PngWriter;
import io.patella.network.preparation.CounterRandom;
import io.patella.tables.Warehouse;
import io.patella.tables.row.PartRow;
import io.patella.tables.row.PictureRow;
import io.patella.tables.row.RadiographRow;
import io.patella.tables.row.ReferenceGradeRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A cohort that a tiny network can learn in seconds: a bright band on noise, whose height says the grade. One picture a patient. */
final class BandCohort {
    private static final int SIDE = 32;

    private final String cohort;
    private final String prefix;
    private final List<RadiographRow> radiographs = new ArrayList<>();
    private final List<PictureRow> pictures = new ArrayList<>();
    private final List<ReferenceGradeRow> grades = new ArrayList<>();
    private final Map<String, List<PartRow>> parts = new HashMap<>();

    /**
     * @param prefix of the names of images and patients
     */
    BandCohort(String cohort, String prefix) {
        this.cohort = cohort;
        this.prefix = prefix;
    }

    /** Patients {@code first} to {@code last} (without it), one picture each, in this part of the split {@code patella}. */
    BandCohort patients(int first, int last, Part part) {
        for (int i = first; i < last; i++) {
            picture(i, "x" + prefix + i);
            place("patella", i, part);
        }
        return this;
    }

    /** One patient more, whose picture has the hash of another. */
    BandCohort twin(int patient, String pixelSha256, Part part) {
        picture(patient, pixelSha256);
        return place("patella", patient, part);
    }

    /** The same patient in a part of another split. */
    BandCohort place(String split, int patient, Part part) {
        parts.computeIfAbsent(split, none -> new ArrayList<>())
                .add(new PartRow(cohort, split, prefix + patient, patient % 5, part, "r"));
        return this;
    }

    void write(Warehouse warehouse) {
        warehouse.append(RadiographRow.TABLE, radiographs);
        warehouse.append(PictureRow.TABLE, pictures);
        warehouse.append(ReferenceGradeRow.TABLE, grades);
        parts.values().forEach(rows -> warehouse.append(PartRow.TABLE, rows));
    }

    private void picture(int patient, String pixelSha256) {
        String image = prefix + patient + "L";
        int grade = patient % 5;
        radiographs.add(new RadiographRow(
                cohort,
                image,
                prefix + patient,
                Laterality.LEFT,
                null,
                null,
                "file:/" + image,
                "s" + image,
                pixelSha256,
                SIDE,
                SIDE,
                8,
                null,
                null,
                false,
                false,
                false,
                "r",
                Instant.EPOCH));
        pictures.add(new PictureRow(cohort, image, PictureRow.PNG, SIDE, SIDE, PngWriter.write(band(image, grade))));
        grades.add(new ReferenceGradeRow(cohort, image, grade, "single", List.of("A"), "r"));
    }

    private static Gray8 band(String image, int grade) {
        CounterRandom random = new CounterRandom(image.hashCode());
        byte[] pixels = new byte[SIDE * SIDE];
        int top = 4 + random.below(4);
        int height = 2 + 5 * grade;
        for (int i = 0; i < pixels.length; i++) {
            boolean band = i / SIDE >= top && i / SIDE < top + height;
            pixels[i] = (byte) ((band ? 170 : 60) + random.below(30));
        }
        return new Gray8(SIDE, SIDE, pixels);
    }
}
