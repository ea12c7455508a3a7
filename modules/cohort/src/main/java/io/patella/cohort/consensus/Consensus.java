package io.patella.cohort.consensus;

import io.patella.cohort.Grade;
import io.patella.cohort.ReferenceGrade;
import java.io.Serializable;
import java.util.List;
import java.util.function.Function;

/** What became of one radiograph's readings: exactly one for each radiograph. */
public sealed interface Consensus extends Serializable {
    /** Which radiograph. */
    String imageId();

    /** Why. */
    Reason reason();

    /**
     * The radiograph has a reference grade.
     *
     * @param reference the grade, the protocol's word and the readers
     */
    record Kept(ReferenceGrade reference, Reason reason) implements Consensus {
        public Kept {
            Grade.checked(reference.grade(), "consensus on " + reference.imageId());
        }

        @Override
        public String imageId() {
            return reference.imageId();
        }
    }

    /**
     * The radiograph has none.
     *
     * @param readers who read it, sorted
     */
    record Dropped(String imageId, Reason reason, List<String> readers) implements Consensus {
        public Dropped {
            readers = List.copyOf(readers);
        }
    }

    /** Applies the function for the case at hand; a new case will not compile until everybody treats it. */
    default <T> T fold(Function<Kept, T> kept, Function<Dropped, T> dropped) {
        return this instanceof Kept k ? kept.apply(k) : dropped.apply((Dropped) this);
    }
}
