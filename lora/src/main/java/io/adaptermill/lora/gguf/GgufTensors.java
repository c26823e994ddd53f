package io.adaptermill.lora.gguf;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads the table of tensors and proves that each lies in the file, aligned, and overlaps no other.
final class GgufTensors {
    private static final int AXES_MAX = 4;
    private static final long BLOCKS_MAX = 1L << 40;
    private static final int ALIGNMENT_DEFAULT = 32;
    private static final int ALIGNMENT_MAX = 1 << 20;

    private GgufTensors() {}

    static SortedMap<String, GgufTensor> read(
            GgufCursor cursor, MemorySegment bytes, long count, GgufMetadata metadata) {
        List<Row> table = new ArrayList<>();
        for (long i = 0; i < count; i++) table.add(readRow(cursor));
        long alignment = alignment(cursor, metadata);
        long dataStart = Math.ceilDiv(cursor.position(), alignment) * alignment;
        requireDisjoint(cursor, table);
        SortedMap<String, GgufTensor> tensors = new TreeMap<>();
        for (Row row : table) {
            if (tensors.put(row.name, place(cursor, bytes, dataStart, alignment, row)) != null) {
                throw cursor.malformed(row.entry, "the tensor " + row.name + " stands twice");
            }
        }
        return tensors;
    }

    /// @param entry where the row itself stands in the file
    private record Row(long entry, String name, GgufType type, int rows, int columns, long offset, long size) {}

    private static Row readRow(GgufCursor cursor) {
        long entry = cursor.position();
        String name = cursor.readText();
        int axes = cursor.readInt();
        if (axes < 1 || axes > AXES_MAX) {
            throw cursor.malformed(
                    entry, "tensor " + name + " must have 1 to 4 axes, has " + Integer.toUnsignedString(axes));
        }
        long columns = readExtent(cursor, name);
        long rows = 1;
        for (int axis = 1; axis < axes; axis++) {
            rows *= readExtent(cursor, name);
            if (rows > Integer.MAX_VALUE) throw cursor.malformed(entry, "tensor " + name + " has more than 2^31 rows");
        }
        int code = cursor.readInt();
        GgufType type = GgufType.of(code)
                .orElseThrow(() -> cursor.malformed(
                        entry,
                        "tensor " + name + " has type " + Integer.toUnsignedString(code)
                                + ", known are " + List.of(GgufType.values())
                                + " only: convert the model to one of them"));
        if (columns % type.blockElements() != 0) {
            throw cursor.malformed(
                    entry,
                    "tensor %s has %d columns, %s needs a multiple of %d"
                            .formatted(name, columns, type, type.blockElements()));
        }
        long blocks = rows * (columns / type.blockElements());
        if (blocks > BLOCKS_MAX) throw cursor.malformed(entry, "tensor " + name + " has more than 2^40 blocks");
        long size = blocks * type.blockBytes();
        return new Row(entry, name, type, (int) rows, (int) columns, cursor.readLong(), size);
    }

    private static long readExtent(GgufCursor cursor, String name) {
        long extent = cursor.readCount("an extent of tensor " + name, Integer.MAX_VALUE);
        if (extent == 0) throw cursor.malformed(cursor.position() - 8, "tensor " + name + " is empty");
        return extent;
    }

    private static long alignment(GgufCursor cursor, GgufMetadata metadata) {
        int alignment = metadata.findPositive("general.alignment").orElse(ALIGNMENT_DEFAULT);
        if (Integer.bitCount(alignment) != 1 || alignment > ALIGNMENT_MAX) {
            throw cursor.malformed(0, "general.alignment must be a power of two up to 2^20, was " + alignment);
        }
        return alignment;
    }

    private static GgufTensor place(GgufCursor cursor, MemorySegment bytes, long dataStart, long alignment, Row row) {
        long room = bytes.byteSize() - dataStart;
        if (row.offset < 0 || row.offset % alignment != 0 || row.size > room || row.offset > room - row.size) {
            throw cursor.malformed(
                    row.entry,
                    "tensor %s of %d bytes at offset %s does not lie aligned in the file's %d bytes of data"
                            .formatted(row.name, row.size, Long.toUnsignedString(row.offset), Math.max(0, room)));
        }
        MemorySegment data = bytes.asSlice(dataStart + row.offset, row.size);
        return new GgufTensor(row.name, row.type, row.rows, row.columns, data);
    }

    private static void requireDisjoint(GgufCursor cursor, List<Row> table) {
        List<Row> byOffset = new ArrayList<>(table);
        byOffset.sort(Comparator.comparingLong(Row::offset));
        for (int i = 1; i < byOffset.size(); i++) {
            Row before = byOffset.get(i - 1);
            Row row = byOffset.get(i);
            if (before.offset >= 0 && row.offset - before.offset < before.size) {
                throw cursor.malformed(row.entry, "tensor " + row.name + " overlaps " + before.name);
            }
        }
    }
}
