package io.adaptermill.testkit;

import java.util.Map;
import java.util.Set;

/// Which module may use which, by their packages below `io.adaptermill`.
final class Modules {
    static final String ROOT = "io.adaptermill";

    /// What each module may depend on, itself and what it names.
    static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("schemas", Set.of()),
            Map.entry("kafka", Set.of("schemas")),
            Map.entry("broker", Set.of()),
            Map.entry("gates", Set.of("schemas")),
            Map.entry("lineage", Set.of("kafka", "schemas")),
            Map.entry("artifacts", Set.of("schemas")),
            Map.entry("lora", Set.of("artifacts", "schemas")),
            Map.entry("ingest", Set.of("kafka", "schemas", "lineage")),
            Map.entry("promoter", Set.of("kafka", "schemas", "gates")),
            Map.entry("trainer", Set.of("kafka", "schemas", "lora", "artifacts")),
            Map.entry("evaluator", Set.of("kafka", "schemas", "gates", "lora", "artifacts")),
            Map.entry("serving", Set.of("kafka", "schemas", "lora", "artifacts")),
            Map.entry("cli", Set.of("kafka", "schemas", "gates", "lineage", "lora", "artifacts")),
            Map.entry("bench", Set.of("lora", "schemas")));

    /// Packages that may touch Kafka, HTTP, disk, clock and engine: a service's root package, and these below it.
    static final Set<String> SHELLS = Set.of("http", "store", "runtime", "engine");

    /// Modules that are shell as a whole, or hold the engine and its files.
    static final Set<String> SHELL_MODULES =
            Set.of("kafka", "broker", "testkit", "lora", "artifacts", "cli", "k8s", "docs", "e2e", "bench");

    private Modules() {}

    /// The module of a class of ours; empty for others and for the root package itself.
    static String of(String packageName) {
        if (!packageName.startsWith(ROOT + ".")) return "";
        String rest = packageName.substring(ROOT.length() + 1);
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    static boolean isPure(String packageName) {
        String module = of(packageName);
        if (module.isEmpty() || SHELL_MODULES.contains(module)) return false;
        String below = packageName.substring((ROOT + "." + module).length());
        return !below.isEmpty() && SHELLS.stream().noneMatch(shell -> (below + ".").contains("." + shell + "."));
    }
}
