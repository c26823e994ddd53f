package io.adaptermill.lora.transformer;

import java.util.List;

/// One tenant's part of a pass through the base that several share.
///
/// @param batch its tokens
/// @param weigher how much each of its labels counts
/// @param gradients what the pass adds to
public record TenantPass(
        TokenBatch batch, AdapterLayers adapter, Decoder.Weigher weigher, AdapterParameters gradients) {
    /// What each label of all of them counts in its own tenant's loss.
    static double[] weights(List<TenantPass> tenants, List<double[]> nats) {
        double[] weights =
                new double[nats.stream().mapToInt(part -> part.length).sum()];
        int first = 0;
        for (int i = 0; i < tenants.size(); i++) {
            double[] own = tenants.get(i).weigher().weigh(nats.get(i));
            System.arraycopy(own, 0, weights, first, own.length);
            first += own.length;
        }
        return weights;
    }
}
