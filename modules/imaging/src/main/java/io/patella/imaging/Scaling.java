package io.patella.imaging;

import io.patella.cohort.InputException;
import java.io.Serializable;

/**
 * How 16-bit values become 8-bit ones. There is no default: a radiograph's 16 bits mean nothing without their window, so
 * they are refused unless somebody chose.
 */
public sealed interface Scaling extends Serializable {
    /** 16-bit pictures go to quarantine. */
    record Refuse() implements Scaling {
        @Override
        public int apply(int value) {
            throw new IllegalStateException("16-bit pictures are refused before their values are looked at");
        }
    }

    /** 0 becomes 0, 65535 becomes 255: division by 257, rounded to nearest. */
    record FullRange() implements Scaling {
        @Override
        public int apply(int value) {
            return (value + 128) / 257;
        }
    }

    /** {@code low} and less become 0, {@code high} and more 255, linear between, rounded to nearest. */
    record Window(int low, int high) implements Scaling {
        public Window {
            if (low < 0 || high <= low || high > 0xFFFF) {
                throw new InputException(
                        "--window", "no window", low + ":" + high, "write LOW:HIGH with 0 <= LOW < HIGH <= 65535");
            }
        }

        @Override
        public int apply(int value) {
            if (value <= low) {
                return 0;
            }
            return value >= high ? 255 : (int) ((510L * (value - low) + (high - low)) / (2L * (high - low)));
        }
    }

    /** 0..65535 to 0..255. */
    int apply(int value);
}
