package io.adaptermill.cli.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The command line and environment of one service: pure, so that it can be read in a test.
public record Launch(Service service, List<String> command, Map<String, String> environment, Path log) {
    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /// @param java the launcher of the virtual machine
    public static Launch of(Service service, StackConfig config, Path java) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(service.jvmFlags());
        if (service.computes()) command.add("-Dio.adaptermill.threads=" + threads(service, config.cores()));
        Path module = config.root().resolve(service.module()).resolve("target");
        if (service == Service.BROKER) {
            command.addAll(List.of("-cp", module + "/*:" + module.resolve("lib") + "/*"));
            command.addAll(List.of("io.adaptermill.broker.BrokerMain", "--port", "" + config.port(service)));
            command.addAll(List.of("--dir", config.folder().resolve("kafka").toString()));
        } else {
            command.addAll(List.of(
                    "-jar", module.resolve("quarkus-app/quarkus-run.jar").toString()));
        }
        return new Launch(service, command, environment(service, config), config.log(service));
    }

    private static Map<String, String> environment(Service service, StackConfig config) {
        Map<String, String> environment = new HashMap<>();
        environment.put("ADAPTERMILL_KAFKA", config.kafka());
        environment.put("ADAPTERMILL_STORE", config.store().toString());
        environment.put("ADAPTERMILL_MODEL", config.model().toString());
        environment.put("QUARKUS_HTTP_HOST", "localhost");
        environment.put("QUARKUS_HTTP_PORT", "" + config.port(service));
        environment.put("ADAPTERMILL_STATE", config.folder().resolve("state").toString());
        return environment;
    }

    /// The trainer has the machine's cores; those that judge and answer beside it take half.
    private static int threads(Service service, int cores) {
        return service == Service.TRAINER ? cores : Math.max(1, cores / 2);
    }
}
