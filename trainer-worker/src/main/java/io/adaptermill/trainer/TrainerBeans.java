package io.adaptermill.trainer;

import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.kafka.group.ChannelClaims;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.trainer.engine.LoraTraining;
import io.adaptermill.trainer.training.Training;
import io.quarkus.arc.DefaultBean;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;

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
        String model = config.model()
                .orElseThrow(() -> new IllegalArgumentException(
                        "adaptermill.model is not set: name a GGUF file or a Hugging Face folder"
                                + " (environment: ADAPTERMILL_MODEL)"));
        return new LoraTraining(BaseModel.open(path(model)), new FileArtifactStore(path(config.store())));
    }

    private static Path path(String text) {
        String home = System.getProperty("user.home");
        return Path.of(text.startsWith("~/") ? home + text.substring(1) : text);
    }
}
