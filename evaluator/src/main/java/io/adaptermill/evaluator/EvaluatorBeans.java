package io.adaptermill.evaluator;

import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.evaluator.engine.LoraScoring;
import io.adaptermill.evaluator.evidence.Scoring;
import io.adaptermill.kafka.group.ChannelClaims;
import io.adaptermill.lora.BaseModel;
import io.quarkus.arc.DefaultBean;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;

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
        String model = config.model()
                .orElseThrow(() -> new IllegalArgumentException(
                        "adaptermill.model is not set: name a GGUF file or a Hugging Face folder"
                                + " (environment: ADAPTERMILL_MODEL)"));
        return new LoraScoring(BaseModel.open(path(model)), new FileArtifactStore(path(config.store())));
    }

    private static Path path(String text) {
        String home = System.getProperty("user.home");
        return Path.of(text.startsWith("~/") ? home + text.substring(1) : text);
    }
}
