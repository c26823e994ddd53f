package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Lanes;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.TopShares;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import java.util.List;

/// How much each expert of a mixture counts for each token of one fused linear.
///
/// The routers are further rows of A', so u holds their scores beside the experts' `A x`: a module's columns are
/// those of its experts, one after the other, and then its scores. Forward: `u ⊙ q`, with q the softmax among the
/// largest topK scores, 0 for the other experts. What becomes of the scores' own columns meets zeros in B'.
///
/// Backward, from v, the gradient of `u ⊙ q`: the experts' columns become `v ⊙ q`, the scores' the gradient of the
/// scores, so that one product with A' gives the gradients of experts, routers and input alike. Experts are kept
/// equally busy by `E Σ f_e P_e`, f the share of the choices that fell on an expert, P its mean softmax among all;
/// f counts as a constant. Source: Fedus et al. 2022, eqs. 4 to 6, over all topK choices; 1 where all are equally busy.
final class TokenGates {
    private final List<Slot> slots;
    private double balance;

    TokenGates(List<Slot> slots) {
        this.slots = slots;
    }

    /// @param weight of one token's balance at one router, in the backward passes that follow
    void balance(double weight) {
        balance = weight;
    }

    /// @param gated overwritten with `u ⊙ q`
    void forward(Kernels kernels, Tensor u, Tensor gated) {
        Lanes lanes = kernels.lanes();
        gated.memory().copyFrom(u.memory());
        kernels.rows().run(u.rows(), 16L * u.columns(), (from, to) -> {
            int first = 0;
            for (Slot slot : slots) {
                Scratch of = new Scratch(slot);
                for (int t = from; t < to; t++) {
                    long row = (long) t * u.columns() + first;
                    of.choose(lanes, u, row);
                    for (int c = 0; c < slot.rank(); c++) {
                        float gate = (float) of.shares[c / of.expertRank];
                        lanes.set(gated.memory(), row + c, gate * lanes.get(u.memory(), row + c));
                    }
                }
                first += slot.width();
            }
        });
    }

    /// @param used rows with a token; only those count for the balance
    /// @param v gradient of `u ⊙ q`; becomes that of u
    void backward(Kernels kernels, Tensor u, int used, Tensor v) {
        Lanes lanes = kernels.lanes();
        int first = 0;
        for (Slot slot : slots) {
            int at = first;
            double[] pull = pull(lanes, slot, u, at, used);
            double[] none = new double[pull.length];
            kernels.rows().run(u.rows(), 16L * slot.width(), (from, to) -> {
                Scratch of = new Scratch(slot);
                for (int t = from; t < to; t++) {
                    long row = (long) t * u.columns() + at;
                    of.choose(lanes, u, row);
                    of.turnBack(lanes, u, v, row, t < used ? pull : none);
                }
            });
            first += slot.width();
        }
    }

    /// Derivative of the balance by a token's softmax: `w E f`.
    private double[] pull(Lanes lanes, Slot slot, Tensor u, int first, int used) {
        Scratch of = new Scratch(slot);
        double[] pull = new double[of.shares.length];
        if (balance == 0 || used == 0) return pull;
        for (int t = 0; t < used; t++) {
            of.choose(lanes, u, (long) t * u.columns() + first);
            for (int e = 0; e < pull.length; e++) if (of.shares[e] > 0) pull[e]++;
        }
        double each = balance * pull.length / ((double) slot.experts().topK() * used);
        for (int e = 0; e < pull.length; e++) pull[e] *= each;
        return pull;
    }

    /// One module's numbers of one token.
    private static final class Scratch {
        private final Slot slot;
        private final int expertRank;
        private final double[] scores;
        private final double[] shares;
        private final double[] all;
        private final double[] sharesGradient;
        private final double[] scoresGradient;

        Scratch(Slot slot) {
            this.slot = slot;
            int experts = slot.experts().count();
            expertRank = slot.rank() / experts;
            scores = new double[experts];
            shares = new double[experts];
            all = new double[experts];
            sharesGradient = new double[experts];
            scoresGradient = new double[experts];
        }

        void choose(Lanes lanes, Tensor u, long row) {
            for (int e = 0; e < scores.length; e++) scores[e] = lanes.get(u.memory(), row + slot.rank() + e);
            TopShares.of(scores, slot.experts().topK(), shares);
        }

        /// @param pull derivative of the balance by the softmax among all
        void turnBack(Lanes lanes, Tensor u, Tensor v, long row, double[] pull) {
            for (int e = 0; e < shares.length; e++) {
                double sum = 0;
                for (int c = e * expertRank; c < (e + 1) * expertRank; c++) {
                    float gradient = lanes.get(v.memory(), row + c);
                    sum += (double) gradient * lanes.get(u.memory(), row + c);
                    lanes.set(v.memory(), row + c, (float) shares[e] * gradient);
                }
                sharesGradient[e] = sum;
                scoresGradient[e] = 0;
            }
            TopShares.addGradient(shares, sharesGradient, scoresGradient);
            TopShares.ofAll(scores, all);
            TopShares.addGradient(all, pull, scoresGradient);
            for (int e = 0; e < shares.length; e++) {
                lanes.set(v.memory(), row + slot.rank() + e, (float) scoresGradient[e]);
            }
        }
    }
}
