package io.patella.network.program;

import io.patella.network.weights.Tensor;

/**
 * A tensor as a program stores it.
 *
 * @param tensor type, shape and row-major values
 * @param channelsLast true stores a four-dimensional tensor in N,H,W,C order with the strides that say so, which convolutions on
 *     CPUs read without a reorder; the logical shape stays N,C,H,W
 * @param trainable whether the program, opened for training, collects a gradient for it
 */
public record ProgramTensor(Tensor tensor, boolean channelsLast, boolean trainable) {
    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException for channels-last order of anything but four dimensions
     */
    public ProgramTensor {
        if (channelsLast && tensor.shape().length != 4) {
            throw new IllegalArgumentException("channels-last order needs 4 dimensions, not " + tensor.shape().length);
        }
    }

    /** A tensor that no training changes, in row-major order: masks, means, tables. */
    public static ProgramTensor constant(Tensor tensor) {
        return new ProgramTensor(tensor, false, false);
    }
}
