package io.adaptermill.trainer;

import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.artifacts.store.SignedStore;
import io.adaptermill.kafka.group.ChannelClaims;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.transformer.WeightForm;
import io.adaptermill.trainer.engine.LoraTraining;
import io.adaptermill.trainer.training.Training;
import io.quarkus.arc.DefaultBean;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// The engine and the store that a real worker runs on; tests bring their own.
public final class TrainerBeans {
    /// The channel of closed batches, as in application.properties.
    public static final String BATCHES = "batches";

    /// Its `consumer-rebalance-listener.name`.
    public static final String CLAIMS = "claims";

    @Produces
    @Singleton
    @Identifier(CLAIMS)
    ChannelClaims claims(KafkaClientService clients) {
        return new ChannelClaims(clients, BATCHES);
    }

    @Produces
    @Singleton
    @DefaultBean
    Training training(TrainerConfig config) {
        return new LoraTraining(
                BaseModel.configured(config.model(), WeightForm.of(config.weights())),
                SignedStore.signing(FileArtifactStore.at(config.store()), config.signKey()));
    }
}
