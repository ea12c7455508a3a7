package io.patella.network.preparation;

/**
 * Random numbers that are a function of a key: nothing has to be saved to go on after a stop, and no order of calls elsewhere changes
 * them. SplitMix64 from a hash of the key (Steele, Lea, Flood 2014).
 */
public final class CounterRandom {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private long state;

    /** @param key what the numbers depend on: seed, purpose, epoch, item */
    public CounterRandom(long... key) {
        long hash = GOLDEN;
        for (long each : key) {
            hash = mix(hash ^ mix(each + GOLDEN)) + GOLDEN;
        }
        state = hash;
    }

    /** 64 random bits. */
    public long bits() {
        state += GOLDEN;
        return mix(state);
    }

    /** Uniform in [0, 1). */
    public double uniform() {
        return (bits() >>> 11) * 0x1p-53;
    }

    /** Uniform in [low, high). */
    public double uniform(double low, double high) {
        return low + (high - low) * uniform();
    }

    /** Uniform in 0 .. bound - 1. */
    public int below(int bound) {
        return (int) (uniform() * bound);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
