package io.adaptermill.lora.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/// Asks torch's autograd for the truth, through the same route as the product's kernels.
public final class AutogradOracle implements AutoCloseable {
    private final PtSymbolBlock module;
    private final NDManager manager;

    /// @param forward body of a function of the named tensors that returns a scalar
    public AutogradOracle(String parameters, String forward) {
        module = Torch.get()
                .module("  def forward(self: __torch__.M, " + parameters + ") -> Tensor:\n" + forward.indent(4));
        manager = Torch.get().manager().newSubManager();
    }

    public record Truth(double value, List<float[]> gradients) {}

    /// One input; the gradient is asked for if `trained`.
    public record Input(float[] numbers, boolean trained, long... shape) {}

    public Truth of(Input... inputs) {
        NDList arrays = new NDList();
        for (Input input : inputs) {
            NDArray array = manager.create(FloatBuffer.wrap(input.numbers()), new Shape(input.shape()));
            array.setRequiresGradient(input.trained());
            arrays.add(array);
        }
        JniUtils.setGradMode(true);
        NDArray value = IValueUtils.forward(module, arrays, true).singletonOrThrow();
        JniUtils.backward((PtNDArray) value, (PtNDArray) ((PtNDManager) manager).create(1f), false, false);
        List<float[]> gradients = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i].trained()) gradients.add(arrays.get(i).getGradient().toFloatArray());
        }
        return new Truth(value.toFloatArray()[0], gradients);
    }

    @Override
    public void close() {
        JniUtils.setGradMode(false);
        manager.close();
        module.close();
    }
}
