package io.patella.imaging.phantom;

/** Smooth random texture without an array: values hashed at the points of a lattice, blended between them. About [-1, 1]. */
final class Grain {
    private final long seed;
    private final double across;
    private final double down;

    /**
     * A texture.
     *
     * @param across lattice points per unit of x
     * @param down lattice points per unit of y
     */
    Grain(long seed, double across, double down) {
        this.seed = seed;
        this.across = across;
        this.down = down;
    }

    double at(double x, double y) {
        double u = x * across;
        double v = y * down;
        long column = (long) Math.floor(u);
        long row = (long) Math.floor(v);
        double s = ease(u - column);
        double t = ease(v - row);
        double top = value(column, row) * (1 - s) + value(column + 1, row) * s;
        double bottom = value(column, row + 1) * (1 - s) + value(column + 1, row + 1) * s;
        return top * (1 - t) + bottom * t;
    }

    private double value(long column, long row) {
        return (PhantomCohort.mix(seed + row, column) >> 11) * 0x1p-52;
    }

    private static double ease(double t) {
        return t * t * (3 - 2 * t);
    }
}
