package io.patella.statistics.bootstrap;

/**
 * The random numbers of one replicate: SplitMix64 (Steele, Lea, Flood 2014) from a state that is a function of seed and
 * replicate alone. Number i of the stream needs no number before it (counter-based), so any executor can compute any replicate.
 */
final class ReplicateStream {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    ReplicateStream(long seed, int replicate) {
        state = mix(mix(seed) + GAMMA * (replicate + 1L)) ^ mix(~seed - replicate);
    }

    /** A whole number from 0 (inclusive) to {@code bound} (exclusive); its bias is below bound / 2^63. */
    int below(int bound) {
        state += GAMMA;
        return (int) Math.multiplyHigh(mix(state) >>> 1, (long) bound << 1);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
