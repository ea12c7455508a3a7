package io.patella.cohort;

import java.io.Serializable;
import java.util.List;

/**
 * The grade that counts for a radiograph.
 *
 * @param imageId what was graded
 * @param grade 0..4
 * @param protocol the protocol's word: single, unanimous, crossover
 * @param readers from whom, sorted
 */
public record ReferenceGrade(String imageId, int grade, String protocol, List<String> readers) implements Serializable {
    public ReferenceGrade {
        Grade.checked(grade, "reference grade of " + imageId);
        readers = List.copyOf(readers);
    }
}
