package io.adaptermill.trainer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/// What can be set from outside; `ADAPTERMILL_MODEL` is the environment's spelling of `adaptermill.model`.
@ConfigMapping(prefix = "adaptermill")
public interface TrainerConfig {
    /// Kafka's bootstrap servers. Default: a broker on this machine.
    @WithDefault("localhost:9092")
    String kafka();

    /// Folder of the artifact store, shared with evaluators and serving.
    @WithDefault("${user.home}/.local/share/adaptermill/store")
    String store();

    /// The base model: a GGUF file or a Hugging Face folder. No default: a wrong model is worse than none.
    Optional<String> model();

    /// File of the key-encryption key that ingest seals with, if it seals.
    Optional<String> sealKey();

    /// File of a P-256 private key, `KEY.pem`, its public half beside it as `KEY.pem.pub`: each artifact is signed with
    /// it. Not set: artifacts are not signed.
    Optional<String> signKey();

    /// How the base's linears lie in memory: `4bit`, or `bf16` where there is memory to spare and each step shall be
    /// faster; the same bits come out. Default 4bit.
    @WithDefault("4bit")
    String weights();

    /// Partitions of topics that do not exist yet. Default 6: so many workers can share the work.
    @WithDefault("6")
    int partitions();

    Trainer trainer();

    /// The trainer's own settings.
    interface Trainer {
        /// Stable name of this worker: it fences an older process of the same name. Default 1, for a lone worker.
        @WithDefault("1")
        String name();
    }
}
