package io.patella.network.program;

/**
 * How a tensor starts when no weights are given.
 *
 * @param kind the distribution
 * @param value the constant, the standard deviation or the half width of the range
 */
public record Initial(Kind kind, double value) {
    /** Distributions of starting values. */
    public enum Kind {
        /** Every element is {@code value}. */
        CONSTANT,
        /** Normal with standard deviation {@code value}. */
        NORMAL,
        /** Normal with standard deviation {@code value}, redrawn outside of [-2, 2]. */
        TRUNCATED_NORMAL,
        /** Uniform in [-value, value]. */
        UNIFORM
    }

    /** All zeros. */
    public static final Initial ZEROS = constant(0);

    /** All ones. */
    public static final Initial ONES = constant(1);

    /** Every element is {@code value}. */
    public static Initial constant(double value) {
        return new Initial(Kind.CONSTANT, value);
    }

    /** Normal with mean 0. */
    public static Initial normal(double standardDeviation) {
        return new Initial(Kind.NORMAL, standardDeviation);
    }

    /** Normal with mean 0, redrawn outside of [-2, 2] (timm's {@code trunc_normal_}). */
    public static Initial truncatedNormal(double standardDeviation) {
        return new Initial(Kind.TRUNCATED_NORMAL, standardDeviation);
    }

    /** Uniform in [-halfWidth, halfWidth]. */
    public static Initial uniform(double halfWidth) {
        return new Initial(Kind.UNIFORM, halfWidth);
    }
}
