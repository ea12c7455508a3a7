package io.patella.statistics.audit;

import java.util.stream.IntStream;

/**
 * Every pair of 64-bit hashes within a Hamming distance, exactly, without looking at every pair: with distance + 1 bands, two
 * hashes within the distance agree in at least one band (pigeonhole; Norouzi et al. 2012). Each pair is told once, in the first
 * band in which it agrees.
 */
final class NearHashes {
    private NearHashes() {}

    /** Takes a pair. */
    @FunctionalInterface
    interface Pairs {
        /** {@code one < other} are positions in the hashes. */
        void accept(int one, int other, int distance);
    }

    /**
     * Tells every pair within {@code most} bits, in no particular order.
     *
     * @param most 0..63
     */
    static void within(long[] hashes, int most, Pairs pairs) {
        long[] bands = bands(most + 1);
        for (int b = 0; b < bands.length; b++) {
            int[] order = sortedBy(hashes, bands[b]);
            for (int start = 0; start < order.length; ) {
                int end = start + 1;
                while (end < order.length && ((hashes[order[start]] ^ hashes[order[end]]) & bands[b]) == 0) {
                    end++;
                }
                for (int i = start; i < end; i++) {
                    for (int j = i + 1; j < end; j++) {
                        long different = hashes[order[i]] ^ hashes[order[j]];
                        int distance = Long.bitCount(different);
                        if (distance <= most && differsInAll(different, bands, b)) {
                            pairs.accept(Math.min(order[i], order[j]), Math.max(order[i], order[j]), distance);
                        }
                    }
                }
                start = end;
            }
        }
    }

    /** Whether {@code different} has a bit in each of the first {@code count} bands. */
    private static boolean differsInAll(long different, long[] bands, int count) {
        for (int b = 0; b < count; b++) {
            if ((different & bands[b]) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Masks of {@code count} disjoint runs of bits that cover all 64, of as equal a width as may be. */
    private static long[] bands(int count) {
        long[] bands = new long[count];
        for (int bit = 0; bit < Long.SIZE; bit++) {
            bands[bit * count / Long.SIZE] |= 1L << bit;
        }
        return bands;
    }

    private static int[] sortedBy(long[] hashes, long band) {
        return IntStream.range(0, hashes.length)
                .boxed()
                .sorted((i, j) -> Long.compare(hashes[i] & band, hashes[j] & band))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
