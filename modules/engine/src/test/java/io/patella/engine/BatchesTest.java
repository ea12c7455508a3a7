package io.patella.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private final List<Integer> sizes = new ArrayList<>();

    /** A network for which {@code fits} pictures are the most. */
    private Function<List<Integer>, List<Integer>> memoryFor(int fits) {
        return items -> {
            sizes.add(items.size());
            if (items.size() > fits) {
                throw new ProgramException.OutOfMemory("can't allocate memory", new IllegalStateException());
            }
            return items.stream().map(each -> each * each).toList();
        };
    }

    @Test
    void memoryThatIsNotThereHalvesTheBatchAndGoesOn() {
        Batches batches = new Batches(16);
        List<Integer> items = IntStream.range(0, 20).boxed().toList();
        List<Integer> squares = items.stream().map(each -> each * each).toList();
        assertThat(batches.run(items, memoryFor(5))).isEqualTo(squares);
        assertThat(sizes).containsExactly(16, 8, 4, 4, 4, 4, 4);
        sizes.clear();
        assertThat(batches.run(items, memoryFor(5))).isEqualTo(squares);
        assertThat(sizes).as("it remembers").containsExactly(4, 4, 4, 4, 4);
    }

    @Test
    void onePictureThatDoesNotFitIsAnError() {
        assertThatThrownBy(() -> new Batches(4).run(List.of(1, 2, 3), memoryFor(0)))
                .isInstanceOf(ProgramException.OutOfMemory.class)
                .hasMessageContaining("can't allocate memory");
        assertThat(sizes).containsExactly(3, 1);
    }
}
