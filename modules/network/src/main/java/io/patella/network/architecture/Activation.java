package io.patella.network.architecture;

/** Elementwise functions between layers. */
public enum Activation {
    NONE("%s", "none", "[]", ""),
    RELU("torch.relu(%s)", "relu", "[]", ""),
    RELU6("torch.hardtanh(%s, 0., 6.)", "hardtanh", "annotate(List[Optional[number]], [0., 6.])", ""),
    /** x sigmoid(x), also called swish. */
    SILU("torch.silu(%s)", "swish", "[]", ""),
    /** With the error function, not its tanh approximation. */
    GELU("torch.gelu(%s)", "gelu", "[]", "none");

    private final String text;
    private final String fused;
    private final String scalars;
    private final String algorithm;

    Activation(String text, String fused, String scalars, String algorithm) {
        this.text = text;
        this.fused = fused;
        this.scalars = scalars;
        this.algorithm = algorithm;
    }

    /** The expression that applies it to {@code x}. */
    public String of(String x) {
        return text.replace("%s", x);
    }

    /** Name, numbers and algorithm as oneDNN's fused operators take them. */
    String fusedArguments() {
        return "\"" + fused + "\", " + scalars + ", \"" + algorithm + "\"";
    }

    /** Name and numbers as oneDNN's fused operators take them after an addition. */
    String fusedAfterAddition() {
        return (this == NONE ? "None" : "\"" + fused + "\"") + ", " + scalars + ", \"" + algorithm + "\"";
    }
}
