package io.patella.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Work in batches of at most so many; memory that is not there halves them from then on. Safe for many threads. */
final class Batches {
    private volatile int most;

    /** @param most in one batch, at least 1 */
    Batches(int most) {
        this.most = most;
    }

    /**
     * Does the work of all items.
     *
     * @param work gives one answer for each item, in order
     * @throws ProgramException.OutOfMemory when not even one item fits
     */
    <S, T> List<T> run(List<S> items, Function<List<S>, List<T>> work) {
        List<T> all = new ArrayList<>(items.size());
        int at = 0;
        while (at < items.size()) {
            int n = Math.min(most, items.size() - at);
            try {
                all.addAll(work.apply(items.subList(at, at + n)));
                at += n;
            } catch (ProgramException.OutOfMemory e) {
                if (n == 1) {
                    throw e;
                }
                most = Math.max(1, n / 2);
            }
        }
        return all;
    }
}
