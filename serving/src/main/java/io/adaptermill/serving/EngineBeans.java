package io.adaptermill.serving;

import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.serving.engine.Engine;
import io.adaptermill.serving.engine.LoraEngine;
import io.adaptermill.serving.runtime.AdapterSource;
import io.adaptermill.serving.store.StoredAdapters;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/// The engine and the store that a real replica runs on; tests bring their own.
final class EngineBeans {
    /// Closed by the [ServingNode], after the last answer.
    @Produces
    @Singleton
    @DefaultBean
    Engine engine(ServingConfig config, NodeSettings settings) {
        String model = config.model()
                .orElseThrow(() -> new IllegalArgumentException(
                        "adaptermill.model is not set: name a GGUF file or a Hugging Face folder"
                                + " (environment: ADAPTERMILL_MODEL)"));
        return LoraEngine.open(path(model), settings.threads(), settings.context());
    }

    @Produces
    @Singleton
    @DefaultBean
    AdapterSource source(ServingConfig config) {
        return new StoredAdapters(new FileArtifactStore(path(config.store())));
    }

    private static Path path(String text) {
        String home = System.getProperty("user.home");
        return Path.of(text.startsWith("~/") ? home + text.substring(1) : text);
    }
}
