package io.adaptermill.evaluator;

import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.evaluator.engine.LoraScoring;
import io.adaptermill.evaluator.evidence.Scoring;
import io.adaptermill.kafka.group.ChannelClaims;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.transformer.WeightForm;
import io.quarkus.arc.DefaultBean;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// The engine and the store that a real evaluator runs on; tests bring their own.
public final class EvaluatorBeans {
    /// The channel of candidates, as in application.properties.
    public static final String CANDIDATES = "candidates";

    /// Its `consumer-rebalance-listener.name`.
    public static final String CLAIMS = "claims";

    @Produces
    @Singleton
    @Identifier(CLAIMS)
    ChannelClaims claims(KafkaClientService clients) {
        return new ChannelClaims(clients, CANDIDATES);
    }

    @Produces
    @Singleton
    @DefaultBean
    Scoring scoring(EvaluatorConfig config) {
        return new LoraScoring(
                BaseModel.configured(config.model(), WeightForm.of(config.weights())),
                FileArtifactStore.at(config.store()));
    }
}
