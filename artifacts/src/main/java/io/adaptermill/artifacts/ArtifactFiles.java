package io.adaptermill.artifacts;

import java.util.Set;

/// The names of an artifact's files: PEFT's two, ours two, no others.
public final class ArtifactFiles {
    public static final String CONFIG = "adapter_config.json";
    public static final String WEIGHTS = "adapter_model.safetensors";
    public static final String OPTIMIZER = "optimizer.safetensors";
    public static final String MANIFEST = "manifest.json";

    /// What a manifest must list.
    public static final Set<String> REQUIRED = Set.of(CONFIG, WEIGHTS);
    /// What a manifest may list.
    public static final Set<String> LISTED = Set.of(CONFIG, WEIGHTS, OPTIMIZER);

    private ArtifactFiles() {}
}
