package io.adaptermill.serving;

import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.artifacts.store.SignedStore;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.serving.engine.Engine;
import io.adaptermill.serving.engine.LoraEngine;
import io.adaptermill.serving.runtime.AdapterSource;
import io.adaptermill.serving.store.StoredAdapters;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// The engine and the store that a real replica runs on; tests bring their own.
final class EngineBeans {
    /// Closed by the [ServingNode], after the last answer.
    @Produces
    @Singleton
    @DefaultBean
    Engine engine(ServingConfig config, NodeSettings settings) {
        return LoraEngine.open(BaseModel.configured(config.model()), settings.threads(), settings.context());
    }

    @Produces
    @Singleton
    @DefaultBean
    AdapterSource source(ServingConfig config) {
        return new StoredAdapters(SignedStore.trusting(FileArtifactStore.at(config.store()), config.verifyKey()));
    }
}
