package io.adaptermill.lora.compose;

import io.adaptermill.artifacts.matrix.Matrix;
import io.adaptermill.lora.model.Checkpoint;
import java.util.List;

/// Weights by a gate that was fitted on a few requests for which it is known how well each adapter alone
/// answers them.
///
/// `g = softmax(G φ)`, φ the direction of the prompt's first inputs. The gate is fitted so that the loss it
/// expects, `Σ g ℓ` over the requests, is small, with an L2 price on G: few requests then move it little
/// from equal weights. Plain gradient descent with a fixed step from zero, so the same requests give the
/// same gate.
public final class GateWeights implements RequestWeights {
    private static final int STEPS = 300;
    private static final double RATE = 4;

    private final FirstInputs inputs;
    private final Matrix gate;

    private GateWeights(FirstInputs inputs, Matrix gate) {
        this.inputs = inputs;
        this.gate = gate;
    }

    /// One request whose answer is known.
    ///
    /// @param tokens its prompt
    /// @param losses of the answer under each adapter alone, nats per token
    @SuppressWarnings("ArrayRecordComponent") // read only while fitting
    public record Known(int[] tokens, double[] losses) {}

    /// @param base must stay open as long as the result is used
    /// @param known at least one, with as many losses each as there are adapters
    /// @param l2 price of the gate's squares, such as 0.01
    public static GateWeights fit(Checkpoint base, List<Known> known, double l2) {
        FirstInputs inputs = new FirstInputs(base);
        int adapters = known.getFirst().losses().length;
        List<double[]> directions =
                known.stream().map(each -> inputs.direction(each.tokens())).toList();
        Matrix gate = Matrix.zeros(adapters, inputs.size());
        for (int step = 0; step < STEPS; step++) {
            Matrix gradient = gate.times(2 * l2);
            for (int i = 0; i < known.size(); i++) {
                addGradient(gate, directions.get(i), known.get(i).losses(), known.size(), gradient);
            }
            gate = gate.plus(gradient.times(-RATE));
        }
        return new GateWeights(inputs, gate);
    }

    @Override
    public double[] of(int[] tokens) {
        return softmax(gate, inputs.direction(tokens));
    }

    /// Of `Σ g ℓ / requests`: `g (ℓ - Σ g ℓ) φᵀ`.
    private static void addGradient(Matrix gate, double[] phi, double[] losses, int requests, Matrix gradient) {
        double[] g = softmax(gate, phi);
        double expected = 0;
        for (int i = 0; i < g.length; i++) expected += g[i] * losses[i];
        for (int i = 0; i < g.length; i++) {
            double pull = g[i] * (losses[i] - expected) / requests;
            for (int j = 0; j < phi.length; j++) gradient.values()[i * phi.length + j] += pull * phi[j];
        }
    }

    private static double[] softmax(Matrix gate, double[] phi) {
        double[] g = gate.times(new Matrix(phi.length, 1, phi)).values();
        double max = Double.NEGATIVE_INFINITY;
        for (double value : g) max = Math.max(max, value);
        double sum = 0;
        for (int i = 0; i < g.length; i++) {
            g[i] = Math.exp(g[i] - max);
            sum += g[i];
        }
        for (int i = 0; i < g.length; i++) g[i] /= sum;
        return g;
    }
}
