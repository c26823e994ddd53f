package io.adaptermill.cli.stack;

import java.net.URI;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/// Everything that decides how a local stack runs.
///
/// @param root the project's folder, where the built services lie
/// @param folder where this stack keeps its data and logs
/// @param model file or folder of the base model
/// @param cores of the machine, to limit the threads of those that compute
public record StackConfig(Path root, Path folder, Path model, Map<Service, Integer> ports, int cores) {
    public StackConfig {
        ports = Map.copyOf(new EnumMap<>(ports));
    }

    public int port(Service service) {
        Integer port = ports.get(service);
        if (port == null) throw new IllegalArgumentException("no port for " + service.module());
        return port;
    }

    public String kafka() {
        return "localhost:" + port(Service.BROKER);
    }

    public URI url(Service service) {
        return URI.create("http://localhost:" + port(service));
    }

    public Path store() {
        return folder.resolve("store");
    }

    public Path log(Service service) {
        return folder.resolve("logs").resolve(service.module() + ".log");
    }
}
