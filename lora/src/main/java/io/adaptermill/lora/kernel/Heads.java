package io.adaptermill.lora.kernel;

import static io.adaptermill.lora.kernel.Lanes.SPECIES;
import static io.adaptermill.lora.kernel.Lanes.WIDTH;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/// Moves heads between packed token rows and the batched layout of attention, turning queries and keys on the
/// way.
///
/// Letters: T packed tokens, N sequences of a group, S its padded length, K key heads, G query heads to a key
/// head, d width of a head. Packed: qkv `[T, (G·K + 2K) · d]`, o `[T, G·K·d]`. Batched: q, o `[N·K, G·S, d]`,
/// k, v `[N·K, S, d]`, so that all query heads of a key head are one matrix and nothing is copied for them.
/// Rows beyond a sequence's end are zero.
public final class Heads {
    private final int headsKv;
    private final int group;
    private final int width;

    public Heads(int heads, int headsKv, int headDim) {
        this.headsKv = headsKv;
        this.group = heads / headsKv;
        this.width = headDim;
    }

    public void split(
            Kernels kernels, SequenceGroup sequences, Rotary rotary, Tensor qkv, Tensor q, Tensor k, Tensor v) {
        Lanes lanes = kernels.lanes();
        long packed = (long) headsKv * (group + 2) * width;
        kernels.rows().run(sequences.sequences() * sequences.padded(), packed, (from, to) -> {
            for (int row = from; row < to; row++) {
                splitRow(lanes, sequences, rotary, qkv.memory(), q.memory(), k.memory(), v.memory(), row);
            }
        });
    }

    /// The transpose of [#split]: gradients of q, k and v become rows of the gradient of qkv.
    public void join(
            Kernels kernels, SequenceGroup sequences, Rotary rotary, Tensor q, Tensor k, Tensor v, Tensor qkv) {
        Lanes lanes = kernels.lanes();
        long packed = (long) headsKv * (group + 2) * width;
        kernels.rows().run(sequences.sequences() * sequences.padded(), packed, (from, to) -> {
            for (int row = from; row < to; row++) {
                joinRow(lanes, sequences, rotary, q.memory(), k.memory(), v.memory(), qkv.memory(), row);
            }
        });
    }

    /// Packed rows of all query heads into the batched layout.
    public void batch(Kernels kernels, SequenceGroup sequences, Tensor packed, Tensor batched) {
        move(kernels, sequences, packed, batched, true);
    }

    /// Batched heads back into packed rows; padding is left behind.
    public void pack(Kernels kernels, SequenceGroup sequences, Tensor batched, Tensor packed) {
        move(kernels, sequences, batched, packed, false);
    }

    private void splitRow(
            Lanes lanes,
            SequenceGroup sequences,
            Rotary rotary,
            MemorySegment qkv,
            MemorySegment q,
            MemorySegment k,
            MemorySegment v,
            int row) {
        int padded = sequences.padded();
        int sequence = row / padded;
        int position = row % padded;
        boolean padding = position >= sequences.lengths()[sequence];
        long source = padding ? 0 : packedRow(sequences, sequence, position) * (group + 2) * headsKv * width;
        for (int head = 0; head < group * headsKv; head++) {
            long to = queryRow(sequence, head, position, padded) * width;
            if (padding) zero(lanes, q, to);
            else turn(lanes, rotary, position, 1f, qkv, source + (long) head * width, q, to);
        }
        for (int head = 0; head < headsKv; head++) {
            long to = (((long) sequence * headsKv + head) * padded + position) * width;
            long key = source + (long) (group * headsKv + head) * width;
            if (padding) {
                zero(lanes, k, to);
                zero(lanes, v, to);
            } else {
                turn(lanes, rotary, position, 1f, qkv, key, k, to);
                copy(lanes, qkv, key + (long) headsKv * width, v, to);
            }
        }
    }

    private void joinRow(
            Lanes lanes,
            SequenceGroup sequences,
            Rotary rotary,
            MemorySegment q,
            MemorySegment k,
            MemorySegment v,
            MemorySegment qkv,
            int row) {
        int padded = sequences.padded();
        int sequence = row / padded;
        int position = row % padded;
        if (position >= sequences.lengths()[sequence]) return;
        long target = packedRow(sequences, sequence, position) * (group + 2) * headsKv * width;
        for (int head = 0; head < group * headsKv; head++) {
            long from = queryRow(sequence, head, position, padded) * width;
            turn(lanes, rotary, position, -1f, q, from, qkv, target + (long) head * width);
        }
        for (int head = 0; head < headsKv; head++) {
            long from = (((long) sequence * headsKv + head) * padded + position) * width;
            long key = target + (long) (group * headsKv + head) * width;
            turn(lanes, rotary, position, -1f, k, from, qkv, key);
            copy(lanes, v, from, qkv, key + (long) headsKv * width);
        }
    }

    private void move(Kernels kernels, SequenceGroup sequences, Tensor from, Tensor to, boolean batching) {
        Lanes lanes = kernels.lanes();
        int padded = sequences.padded();
        int heads = group * headsKv;
        kernels.rows().run(sequences.sequences() * padded, (long) heads * width, (first, last) -> {
            for (int row = first; row < last; row++) {
                int sequence = row / padded;
                int position = row % padded;
                boolean padding = position >= sequences.lengths()[sequence];
                if (padding && !batching) continue;
                for (int head = 0; head < heads; head++) {
                    long batched = queryRow(sequence, head, position, padded) * width;
                    if (padding) {
                        zero(lanes, to.memory(), batched);
                        continue;
                    }
                    long packed = (packedRow(sequences, sequence, position) * heads + head) * width;
                    copy(lanes, from.memory(), batching ? packed : batched, to.memory(), batching ? batched : packed);
                }
            }
        });
    }

    private long queryRow(int sequence, int head, int position, int padded) {
        return ((long) sequence * headsKv + head / group) * group * padded + (long) (head % group) * padded + position;
    }

    private static long packedRow(SequenceGroup sequences, int sequence, int position) {
        return (long) sequences.firstRows()[sequence] + position;
    }

    /// Pairs are (i, i + d/2), Hugging Face's order.
    private void turn(
            Lanes lanes,
            Rotary rotary,
            int position,
            float sign,
            MemorySegment x,
            long from,
            MemorySegment y,
            long to) {
        int half = rotary.half();
        int table = position * half;
        int j = 0;
        for (; j + WIDTH <= half; j += WIDTH) {
            FloatVector c = FloatVector.fromArray(SPECIES, rotary.cosines(), table + j);
            FloatVector s =
                    FloatVector.fromArray(SPECIES, rotary.sines(), table + j).mul(sign);
            FloatVector a = lanes.load(x, from + j);
            FloatVector b = lanes.load(x, from + half + j);
            lanes.store(a.mul(c).sub(b.mul(s)), y, to + j);
            lanes.store(b.mul(c).add(a.mul(s)), y, to + half + j);
        }
        for (; j < half; j++) {
            float c = rotary.cosines()[table + j];
            float s = sign * rotary.sines()[table + j];
            float a = lanes.get(x, from + j);
            float b = lanes.get(x, from + half + j);
            lanes.set(y, to + j, a * c - b * s);
            lanes.set(y, to + half + j, b * c + a * s);
        }
    }

    private void copy(Lanes lanes, MemorySegment x, long from, MemorySegment y, long to) {
        int j = 0;
        for (; j + WIDTH <= width; j += WIDTH) lanes.store(lanes.load(x, from + j), y, to + j);
        for (; j < width; j++) lanes.set(y, to + j, lanes.get(x, from + j));
    }

    private void zero(Lanes lanes, MemorySegment y, long to) {
        for (int j = 0; j < width; j++) lanes.set(y, to + j, 0f);
    }
}
