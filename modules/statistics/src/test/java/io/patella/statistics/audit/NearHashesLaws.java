package io.patella.statistics.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class NearHashesLaws {
    @Property(tries = 100)
    void everyPairIsFoundOnceAsByLookingAtAll(@ForAll long seed, @ForAll @IntRange(min = 0, max = 12) int most) {
        long[] hashes = someAlike(new Random(seed));
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < hashes.length; i++) {
            for (int j = i + 1; j < hashes.length; j++) {
                int distance = Long.bitCount(hashes[i] ^ hashes[j]);
                if (distance <= most) {
                    expected.add(i + " " + j + " " + distance);
                }
            }
        }
        List<String> found = new ArrayList<>();
        NearHashes.within(hashes, most, (i, j, distance) -> found.add(i + " " + j + " " + distance));
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** Families of up to 14 flipped bits around a few hashes, so that every distance about the bound occurs. */
    private static long[] someAlike(Random random) {
        long[] centres = random.longs(8).toArray();
        long[] hashes = new long[120];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = centres[random.nextInt(centres.length)];
            for (int flips = random.nextInt(8); flips > 0; flips--) {
                hashes[i] ^= 1L << random.nextInt(Long.SIZE);
            }
        }
        return hashes;
    }
}
