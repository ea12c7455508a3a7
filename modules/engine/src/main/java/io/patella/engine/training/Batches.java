package io.patella.engine.training;

import io.patella.network.preparation.Augmentation;
import io.patella.network.preparation.CounterRandom;
import io.patella.network.weights.ElementType;
import io.patella.network.weights.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The batches of an epoch, made ready on a thread of their own before the step needs them; at most {@link #AHEAD} wait. Which pictures
 * come when, and how each is changed, depends on the seed, the epoch and the picture alone.
 */
final class Batches implements AutoCloseable {
    private static final int AHEAD = 2;
    private static final long ORDER = 0x6f72646572L;
    private static final int GRADES = 5;

    private final BlockingQueue<Object> ready = new ArrayBlockingQueue<>(AHEAD);
    private final Thread maker;
    private volatile boolean stopped;
    private long waited;

    /**
     * One forward pass's pictures.
     *
     * @param images their ids, for messages
     * @param pixels uint8 [N,T,T]
     * @param reals the draws' real numbers, as {@link Augmentation#tensors} has them
     * @param wholes the draws' whole numbers
     * @param grades int64 [N]
     */
    record Batch(List<String> images, Tensor pixels, Tensor reals, Tensor wholes, Tensor grades) {
        int size() {
            return images.size();
        }
    }

    private record Failed(RuntimeException cause) {}

    /** @param firstBatch batches of the epoch that were done before */
    Batches(List<Example> examples, PictureCache cache, Recipe recipe, int epoch, int firstBatch) {
        int[] order = order(examples, recipe, epoch);
        int size = Math.min(recipe.batch(), examples.size());
        int count = count(examples.size(), recipe);
        maker = new Thread(
                () -> {
                    try {
                        for (int i = firstBatch; i < count && !stopped; i++) {
                            ready.put(make(examples, cache, recipe, epoch, order, i * size, size));
                        }
                    } catch (InterruptedException e) {
                        // nobody wants more
                    } catch (RuntimeException e) {
                        fail(e);
                    }
                },
                "patella-batches");
        maker.setDaemon(true);
        maker.start();
    }

    private void fail(RuntimeException e) {
        try {
            ready.put(new Failed(e));
        } catch (InterruptedException interrupted) {
            // nobody wants to know
        }
    }

    /** Forward passes in an epoch: whole optimiser steps only; the pictures left over come in other epochs. */
    static int count(int examples, Recipe recipe) {
        int size = Math.min(recipe.batch(), examples);
        int batches = examples / size;
        return Math.max(1, batches / recipe.accumulation()) * Math.min(recipe.accumulation(), batches);
    }

    /** The next batch. */
    Batch next() {
        long start = System.nanoTime();
        try {
            Object next = ready.take();
            waited += System.nanoTime() - start;
            if (next instanceof Failed failed) {
                throw failed.cause();
            }
            return (Batch) next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a batch", e);
        }
    }

    /** Nanoseconds that {@link #next} had to wait so far. */
    long waited() {
        return waited;
    }

    @Override
    public void close() {
        stopped = true;
        maker.interrupt();
    }

    /** Places in the training set, in the order of the epoch. */
    static int[] order(List<Example> examples, Recipe recipe, int epoch) {
        CounterRandom random = new CounterRandom(recipe.seed(), ORDER, epoch);
        int n = examples.size();
        int[] order = new int[n];
        if (recipe.sampling() == Recipe.Sampling.SHUFFLED) {
            for (int i = 0; i < n; i++) {
                int j = random.below(i + 1); // inside-out shuffle
                order[i] = order[j];
                order[j] = i;
            }
            return order;
        }
        List<List<Integer>> byGrade = new ArrayList<>();
        for (int grade = 0; grade < GRADES; grade++) {
            byGrade.add(new ArrayList<>());
        }
        for (int i = 0; i < n; i++) {
            byGrade.get(examples.get(i).grade()).add(i);
        }
        byGrade.removeIf(List::isEmpty);
        for (int i = 0; i < n; i++) {
            List<Integer> grade = byGrade.get(random.below(byGrade.size()));
            order[i] = grade.get(random.below(grade.size()));
        }
        return order;
    }

    private static Batch make(
            List<Example> examples, PictureCache cache, Recipe recipe, int epoch, int[] order, int first, int size) {
        List<Example> chosen = new ArrayList<>(size);
        List<Augmentation.Draw> draws = new ArrayList<>(size);
        for (int i = first; i < first + size; i++) {
            chosen.add(examples.get(order[i]));
            // the place in the epoch, not the picture: a picture drawn twice is changed in two ways
            draws.add(recipe.augmentation().draw(recipe.seed(), epoch, i, cache.side()));
        }
        List<Tensor> tensors = Augmentation.tensors(draws);
        return new Batch(
                chosen.stream().map(Example::imageId).toList(),
                pixels(chosen, cache, null),
                tensors.get(0),
                tensors.get(1),
                grades(chosen));
    }

    /** Squares of examples, uint8 [N,T,T], in {@code target} when it is large enough. */
    static Tensor pixels(List<Example> examples, PictureCache cache, @Nullable ByteBuffer target) {
        int bytes = examples.size() * cache.side() * cache.side();
        ByteBuffer pixels = target != null && target.capacity() >= bytes
                ? target.clear().limit(bytes)
                : ByteBuffer.allocateDirect(bytes);
        for (Example each : examples) {
            cache.copy(cache.row(each.imageId()), pixels);
        }
        return new Tensor(ElementType.U8, new long[] {examples.size(), cache.side(), cache.side()}, pixels.flip());
    }

    /** Grades of examples, int64 [N]. */
    static Tensor grades(List<Example> examples) {
        ByteBuffer grades = ByteBuffer.allocateDirect(examples.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
        examples.forEach(each -> grades.putLong(each.grade()));
        return new Tensor(ElementType.I64, new long[] {examples.size()}, grades.flip());
    }
}
