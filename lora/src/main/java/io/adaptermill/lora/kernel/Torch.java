package io.adaptermill.lora.kernel;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// The process's one torch: its native library, and the kernels of `kernels.ts` loaded into it.
///
/// It computes on the thread that calls it and no other: [RowPool] divides the work. Two pools of threads would take
/// the
/// cores from each other and sleep in turns, and results would depend on the size of torch's.
///
/// bfloat16 exists only inside those kernels: naming that type in DJL's own API aborts the JVM.
final class Torch {
    private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> false);

    private final PtNDManager manager;
    private final PtSymbolBlock module;

    private Torch() {
        manager = (PtNDManager) PtEngine.getEngine(PtEngine.ENGINE_NAME).newBaseManager();
        module = load(manager, resource());
    }

    /// The same for all; loads the native library on first use, which takes a second.
    static Torch get() {
        return Holder.TORCH;
    }

    /// Loads more kernels beside the product's own, for tests that ask torch's autograd for the truth.
    PtSymbolBlock module(String methods) {
        return load(manager, methods);
    }

    PtNDManager manager() {
        return manager;
    }

    /// Calls a kernel that writes into its arguments.
    void run(String kernel, IValue... arguments) {
        call(kernel, arguments).close();
    }

    IValue call(String kernel, IValue... arguments) {
        prepareThread();
        return IValueUtils.runMethod(module, kernel, arguments);
    }

    /// Torch's view of memory that Java owns, to be closed before that memory is.
    IValue bytes(MemorySegment memory) {
        Shape shape = new Shape(memory.byteSize());
        try (PtNDArray raw = manager.create(memory.asByteBuffer(), shape, DataType.UINT8)) {
            return IValue.from(raw);
        }
    }

    /// A tensor over part of such bytes.
    ///
    /// @param first counted in the tensor's own elements, as are the strides
    IValue view(IValue bytes, long first, Precision precision, long[] shape, long[] strides) {
        try (IValue type = IValue.from((long) precision.torchCode());
                IValue offset = IValue.from(first);
                IValue sizes = IValue.listFrom(shape);
                IValue steps = IValue.listFrom(strides)) {
            return call("view", bytes, type, offset, sizes, steps);
        }
    }

    /// Of a row-major array, in elements.
    static long[] strides(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    /// Both settings are the thread's own. Without the second every new shape is compiled anew.
    private static void prepareThread() {
        if (PREPARED.get()) return;
        JniUtils.setNumThreads(1);
        JniUtils.setGraphExecutorOptimize(false);
        PREPARED.set(true);
    }

    private static PtSymbolBlock load(PtNDManager manager, String methods) {
        try {
            return JniUtils.loadModule(manager, new ByteArrayInputStream(TorchScriptArchive.of(methods)), false, false);
        } catch (IOException e) {
            throw new UncheckedIOException("torch refused the kernels", e);
        }
    }

    private static String resource() {
        try (InputStream text = Torch.class.getResourceAsStream("kernels.ts")) {
            if (text == null) throw new IllegalStateException("kernels.ts is missing beside " + Torch.class);
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("kernels.ts cannot be read", e);
        }
    }

    private static final class Holder {
        static final Torch TORCH = new Torch();
    }
}
