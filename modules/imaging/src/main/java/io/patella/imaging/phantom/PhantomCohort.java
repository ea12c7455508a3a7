package io.patella.imaging.phantom;

import io.patella.cohort.InputException;
import io.patella.cohort.Laterality;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Phantom patients with both knees. Grades come in the proportions of the OAI baseline (3253, 1495, 2175, 1086, 251 of 8,260
 * knees); a second knee repeats the first one's grade or is drawn anew, so that about half of the patients have two equal
 * knees, as there.
 *
 * @param knees left and right of the first patient, of the second ...
 */
public record PhantomCohort(List<PhantomKnee> knees) {
    private static final int[] OAI = {3253, 1495, 2175, 1086, 251};
    private static final double SECOND_KNEE_LIKE_FIRST = 0.4;

    public PhantomCohort {
        knees = List.copyOf(knees);
    }

    /**
     * Draws a cohort.
     *
     * @param firstId the first patient's number; the others follow
     */
    public static PhantomCohort draw(int patients, int firstId, long seed) {
        if (patients < 1 || patients > 1_000_000) {
            throw new InputException("--patients", "not a number of patients", patients, "use 1 to 1000000");
        }
        List<PhantomKnee> knees = new ArrayList<>(2 * patients);
        for (int i = 0; i < patients; i++) {
            // a stream per patient: the first hundred stay the same when a second hundred is asked for
            SplittableRandom random = new SplittableRandom(mix(seed, i));
            int first = grade(random);
            int second = random.nextDouble() < SECOND_KNEE_LIKE_FIRST ? first : grade(random);
            String patient = Integer.toString(firstId + i);
            knees.add(new PhantomKnee(patient, Laterality.LEFT, first, random.nextLong()));
            knees.add(new PhantomKnee(patient, Laterality.RIGHT, second, random.nextLong()));
        }
        return new PhantomCohort(knees);
    }

    /** A well mixed seed for the {@code index}-th stream of {@code seed} (one step of SplitMix64's finaliser). */
    public static long mix(long seed, long index) {
        long z = seed * 0x9E3779B97F4A7C15L + index * 0xD1B54A32D192ED03L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static int grade(SplittableRandom random) {
        int total = 0;
        for (int count : OAI) {
            total += count;
        }
        int ticket = random.nextInt(total);
        int grade = 0;
        while (ticket >= OAI[grade]) {
            ticket -= OAI[grade];
            grade++;
        }
        return grade;
    }
}
