package io.adaptermill.lora.gguf;

import java.lang.foreign.MemorySegment;

/// One tensor of a mapped file, as a matrix; a vector has one row.
///
/// @param data its bytes in the mapping: valid until the file is closed
public record GgufTensor(String name, GgufType type, int rows, int columns, MemorySegment data) {
    public long rowBytes() {
        return data.byteSize() / rows;
    }
}
