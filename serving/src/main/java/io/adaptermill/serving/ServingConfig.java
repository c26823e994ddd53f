package io.adaptermill.serving;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// What can be set from outside; `ADAPTERMILL_SERVING_THREADS` is the environment's spelling of
/// `adaptermill.serving.threads`.
@ConfigMapping(prefix = "adaptermill")
public interface ServingConfig {
    /// Kafka's bootstrap servers. Default: a broker on this machine.
    @WithDefault("localhost:9092")
    String kafka();

    /// Folder of the artifact store, shared with trainers.
    @WithDefault("${user.home}/.local/share/adaptermill/store")
    String store();

    /// The base model: a GGUF file or a Hugging Face folder. No default: a wrong model is worse than none.
    Optional<String> model();

    /// File of the public key that artifacts must be signed by, such as the trainers' `KEY.pem.pub`: what is not
    /// signed by it, or is not what was signed, never serves. Not set: signatures are not looked at.
    Optional<String> verifyKey();

    Serving serving();

    /// Serving's own settings.
    interface Serving {
        /// Whether requests without an API key are answered. Default false: whoever reaches the port would
        /// read tenants' answers. For a machine of one's own.
        @WithDefault("false")
        boolean open();

        /// Threads that compute a step. Default 1: a training worker beside us keeps the other cores.
        @WithDefault("1")
        int threads();

        /// Answers in the making at once. More give more throughput and slower single answers. Default 8.
        @WithDefault("8")
        int batch();

        /// Requests that may wait, in all; more get 503 at once. Default 64: some seconds of work.
        @WithDefault("64")
        int queue();

        /// Requests that may wait for one tenant, so that none fills the queue alone. Default 32.
        @WithDefault("32")
        int queuePerTenant();

        /// Most tokens of conversation and answer together; 46 KB of cached keys and values each on the demo's model.
        /// Default 2,048.
        @WithDefault("2048")
        int context();

        /// Name of this replica in events. Default: host name and process id.
        Optional<String> replica();

        /// Tries of a failing swap before the old version stays until the pointer moves. Default 8.
        @WithDefault("8")
        int swapAttempts();

        /// Wait after the first failed try, doubled with each further one up to 30 s. Default half a second.
        @WithDefault("PT0.5S")
        Duration swapBackOff();
    }
}
