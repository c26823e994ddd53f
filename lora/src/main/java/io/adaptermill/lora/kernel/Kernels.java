package io.adaptermill.lora.kernel;

/// Everything a model's code computes with, in one precision: torch's products and Java's kernels.
///
/// Owned by one thread; each trainer, scorer and generator opens its own.
public final class Kernels implements AutoCloseable {
    private final Precision precision;
    private final RowPool rows;
    private final Products products;

    private Kernels(Precision precision, RowPool rows) {
        this.precision = precision;
        this.rows = rows;
        this.products = new Products(rows, RowTiles.ofThisMachine());
    }

    /// @param threads of all kernels and products, the caller's included
    public static Kernels open(Precision precision, int threads) {
        return new Kernels(precision, new RowPool(threads));
    }

    /// Java threads worth using on this machine.
    public static int threads() {
        return Integer.getInteger(
                "io.adaptermill.threads", Math.min(16, Runtime.getRuntime().availableProcessors()));
    }

    public Precision precision() {
        return precision;
    }

    public Lanes lanes() {
        return precision.lanes();
    }

    public RowPool rows() {
        return rows;
    }

    public Products products() {
        return products;
    }

    @Override
    public void close() {
        rows.close();
    }
}
