package io.adaptermill.lora.plan;

/// Where it trains, and what is taken there before the first weight.
public enum Place {
    /// The virtual machine, its heap at rest, and torch's library: measured with a model of no size.
    CPU(340L << 20, "the virtual machine and torch's library"),
    /// CUDA's context and the workspace of its products: what a bare context takes on current cards.
    GPU(1L << 30, "CUDA's context and the products' workspace");

    private final long reserveBytes;
    private final String why;

    Place(long reserveBytes, String why) {
        this.reserveBytes = reserveBytes;
        this.why = why;
    }

    Part reserve() {
        return new Part("runtime", reserveBytes, why);
    }
}
