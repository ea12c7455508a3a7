package io.patella.network.program;

/** The order in which a tensor's elements lie. */
public enum ProgramOrder {
    /** Last dimension innermost. */
    ROW_MAJOR,
    /** Four dimensions N,C,H,W lying as N,H,W,C. */
    CHANNELS_LAST
}
