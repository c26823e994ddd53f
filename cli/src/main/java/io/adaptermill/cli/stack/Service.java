package io.adaptermill.cli.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One program of the local stack, with what its virtual machine needs on a small machine.
///
/// Heaps are small: model and adapter weights live in native memory. The compilers differ: programs that
/// compute need the optimising one, those that mostly wait start faster without it. Where batches go through the
/// model, the heap's young part is small: it fills up many times a second with what lives for microseconds, and
/// every page of it would stay in memory.
public enum Service {
    BROKER("broker", 19092, "-Xmx384m", "-XX:TieredStopAtLevel=1"),
    INGEST("ingest", 19081, "-Xmx384m", "-XX:TieredStopAtLevel=1"),
    TRAINER("trainer-worker", 19082, "-Xmx1g", "-Xmn32m"),
    EVALUATOR("evaluator", 19083, "-Xmx768m", "-Xmn32m"),
    PROMOTER("promoter", 19084, "-Xmx256m", "-XX:TieredStopAtLevel=1"),
    SERVING("serving", 19080, "-Xmx1g");

    private final String module;
    private final int portPreferred;
    private final List<String> flags;

    Service(String module, int portPreferred, String... flags) {
        this.module = module;
        this.portPreferred = portPreferred;
        this.flags = List.of(flags);
    }

    /// The folder in the project, and the name that people see.
    public String module() {
        return module;
    }

    public int portPreferred() {
        return portPreferred;
    }

    public boolean computes() {
        return this == TRAINER || this == EVALUATOR || this == SERVING;
    }

    List<String> jvmFlags() {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED"));
        if (computes()) all.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        return List.copyOf(all);
    }

    /// @throws IllegalArgumentException if there is no such service
    public static Service named(String name) {
        for (Service service : values()) {
            if (service.module.equals(name)
                    || service.name().toLowerCase(Locale.ROOT).equals(name)) return service;
        }
        throw new IllegalArgumentException("no service is called \"" + name + "\"");
    }
}
