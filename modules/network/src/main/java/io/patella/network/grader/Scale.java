package io.patella.network.grader;

import java.util.List;

/** The grades that a grader tells apart. */
@SuppressWarnings("ImmutableEnumChecker") // lists of List.of
public enum Scale {
    /** KL 0, 1, 2, 3, 4. */
    FIVE(List.of(0, 1, 2, 3, 4)),
    /** KL 0 and 1 as one: grades 0, 2, 3, 4. */
    FOUR(List.of(0, 2, 3, 4));

    private final List<Integer> grades;

    Scale(List<Integer> grades) {
        this.grades = grades;
    }

    /** The KL grade that each class stands for. */
    public List<Integer> grades() {
        return grades;
    }

    /** Number of classes. */
    public int classes() {
        return grades.size();
    }

    /** The class of a KL grade 0..4. */
    public int classOf(int grade) {
        int found = 0;
        for (int i = 0; i < grades.size(); i++) {
            if (grades.get(i) <= grade) {
                found = i;
            }
        }
        return found;
    }
}
