package io.patella.statistics.conformal;

import java.util.List;

/**
 * The grades that cannot be excluded for one knee.
 *
 * @param grades in rising order; may be empty, when every grade is unusual
 * @param abstains whether the set says too little to be used as a grade: empty, more than two grades, or grades that are not
 *     neighbours
 */
public record GradeSet(List<Integer> grades, boolean abstains) {
    public GradeSet {
        grades = List.copyOf(grades);
    }

    static GradeSet of(List<Integer> grades) {
        boolean neighbours = grades.size() == 1 || (grades.size() == 2 && grades.get(1) - grades.get(0) == 1);
        return new GradeSet(grades, !neighbours);
    }
}
