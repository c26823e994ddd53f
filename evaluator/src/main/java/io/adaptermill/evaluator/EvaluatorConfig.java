package io.adaptermill.evaluator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/// What can be set from outside; the same keys mean the same in every service.
@ConfigMapping(prefix = "adaptermill")
public interface EvaluatorConfig {
    /// Kafka's bootstrap servers. Default: a broker on this machine.
    @WithDefault("localhost:9092")
    String kafka();

    /// Folder of the artifact store, shared with trainers and serving.
    @WithDefault("${user.home}/.local/share/adaptermill/store")
    String store();

    /// The base model: a GGUF file or a Hugging Face folder. No default: a wrong model is worse than none.
    Optional<String> model();

    /// File of the key-encryption key that ingest seals with, if it seals.
    Optional<String> sealKey();

    /// How the base's linears lie in memory: `4bit`, or `bf16` where there is memory to spare and each step shall be
    /// faster; the same bits come out. Default 4bit.
    @WithDefault("4bit")
    String weights();

    /// Partitions of topics that do not exist yet. All topics need the same number. Default 6.
    @WithDefault("6")
    int partitions();

    Evaluator evaluator();

    /// The evaluator's own settings.
    interface Evaluator {
        /// Stable name of this evaluator: it fences an older process of the same name. Default 1, for a lone one.
        @WithDefault("1")
        String name();
    }
}
