package io.patella.grading;

import io.patella.engine.OpenedBundle;
import io.patella.engine.Prediction;
import io.patella.imaging.Decoded;
import io.patella.imaging.Gray8;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * The pictures of one partition, graded in batches, in the order in which they come. Lazy: holds one batch. A picture that cannot be
 * decoded does not stop the others.
 *
 * @param <T> what carries a picture
 */
final class GradedPartition<T> implements Iterator<GradedPartition.Outcome<T>> {
    /** What became of one row: a prediction, or a reason why not. */
    sealed interface Outcome<T> {
        T row();

        record Graded<T>(T row, Prediction prediction) implements Outcome<T> {}

        record Refused<T>(T row, Decoded.Quarantined why) implements Outcome<T> {}
    }

    private final Iterator<T> rows;
    private final Function<T, Decoded> picture;
    private final OpenedBundle bundle;
    private final int batch;
    private final ArrayDeque<Outcome<T>> ready = new ArrayDeque<>();

    GradedPartition(Iterator<T> rows, Function<T, Decoded> picture, OpenedBundle bundle, int batch) {
        this.rows = rows;
        this.picture = picture;
        this.bundle = bundle;
        this.batch = batch;
    }

    @Override
    public boolean hasNext() {
        return !ready.isEmpty() || rows.hasNext();
    }

    @Override
    public Outcome<T> next() {
        if (ready.isEmpty()) {
            fill();
        }
        return ready.removeFirst();
    }

    private void fill() {
        if (!rows.hasNext()) {
            throw new NoSuchElementException();
        }
        List<T> taken = new ArrayList<>(batch);
        List<Decoded> decoded = new ArrayList<>(batch);
        List<Gray8> pictures = new ArrayList<>(batch);
        while (rows.hasNext() && pictures.size() < batch) {
            T row = rows.next();
            Decoded one = picture.apply(row);
            taken.add(row);
            decoded.add(one);
            if (one instanceof Decoded.Picture good) {
                pictures.add(good.pixels());
            }
        }
        Iterator<Prediction> predictions = bundle.grade(pictures).iterator();
        for (int i = 0; i < taken.size(); i++) {
            T row = taken.get(i);
            ready.add(decoded.get(i)
                    .fold(
                            good -> new Outcome.Graded<>(row, predictions.next()),
                            bad -> new Outcome.Refused<>(row, bad)));
        }
    }
}
