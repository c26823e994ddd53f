package io.adaptermill.lora.train;

import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.lora.transformer.Anchor;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.Passes;
import io.adaptermill.lora.transformer.ScorePass;
import io.adaptermill.lora.transformer.TenantPass;
import io.adaptermill.lora.transformer.TokenBatch;
import java.util.Optional;
import java.util.function.Consumer;

/// One tenant's view of a decoder that it shares: it asks, and waits until its driver has answered.
record TenantPasses(Consumer<PassRequest> ask) implements Passes {
    @Override
    public double[] score(TokenBatch batch, Optional<AdapterLayers> adapter) {
        PassRequest.Answer answer = new PassRequest.Answer();
        ask.accept(new PassRequest.Score(new ScorePass(batch, adapter), answer));
        return answer.numbers();
    }

    @Override
    public double[] learn(
            TokenBatch batch, AdapterLayers adapter, Decoder.Weigher weigher, AdapterParameters gradients) {
        PassRequest.Answer answer = new PassRequest.Answer();
        ask.accept(new PassRequest.Learn(new TenantPass(batch, adapter, guarded(weigher, answer), gradients), answer));
        return answer.numbers();
    }

    @Override
    public double learn(
            TokenBatch batch,
            AdapterLayers adapter,
            Anchor anchor,
            Decoder.Weigher weigher,
            AdapterParameters gradients) {
        PassRequest.Answer answer = new PassRequest.Answer();
        ask.accept(new PassRequest.Anchored(batch, adapter, anchor, weigher, gradients, answer));
        return answer.numbers()[0];
    }

    /// A loss that throws fails its own tenant, not the pass: its labels count nothing.
    private static Decoder.Weigher guarded(Decoder.Weigher weigher, PassRequest.Answer answer) {
        return nats -> {
            try {
                return weigher.weigh(nats);
            } catch (RuntimeException e) {
                answer.fail(e);
                return new double[nats.length];
            }
        };
    }
}
