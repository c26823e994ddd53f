package io.adaptermill.artifacts.safetensors;

import java.util.List;

/// What a header says about one tensor.
///
/// @param dtype number format
/// @param shape extents, each at least 1; empty for a scalar
/// @param from first byte, counted from the end of the header
/// @param to byte after the last
public record TensorEntry(Dtype dtype, List<Long> shape, long from, long to) {
    public TensorEntry {
        shape = List.copyOf(shape);
    }

    public long elements() {
        return (to - from) / dtype.sizeBytes();
    }
}
