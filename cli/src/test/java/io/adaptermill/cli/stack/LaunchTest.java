package io.adaptermill.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LaunchTest {
    private static final Path JAVA = Path.of("/jdk/bin/java");

    @Test
    void the_broker_runs_from_its_own_jars_on_its_own_port() {
        // When
        Launch launch = Launch.of(Service.BROKER, config(2), JAVA);

        // Then
        assertThat(launch.command())
                .startsWith("/jdk/bin/java")
                .endsWith(
                        "-cp",
                        "/project/broker/target/*:/project/broker/target/lib/*",
                        "io.adaptermill.broker.BrokerMain",
                        "--port",
                        "7000",
                        "--dir",
                        "/run/kafka");
    }

    @ParameterizedTest
    @EnumSource(value = Service.class, mode = EnumSource.Mode.EXCLUDE, names = "BROKER")
    void each_service_runs_its_fast_jar_and_knows_the_others(Service service) {
        // When
        Launch launch = Launch.of(service, config(2), JAVA);

        // Then
        assertThat(launch.command())
                .endsWith("-jar", "/project/" + service.module() + "/target/quarkus-app/quarkus-run.jar");
        assertThat(launch.environment())
                .containsAllEntriesOf(Map.of(
                        "ADAPTERMILL_KAFKA", "localhost:7000",
                        "ADAPTERMILL_STORE", "/run/store",
                        "ADAPTERMILL_MODEL", "/models/model.gguf",
                        "ADAPTERMILL_STATE", "/run/state",
                        "QUARKUS_HTTP_PORT", "" + (7000 + service.ordinal())));
    }

    @ParameterizedTest
    @EnumSource(
            value = Service.class,
            names = {"TRAINER", "EVALUATOR", "SERVING"})
    void what_computes_is_compiled_well_and_may_use_vectors(Service service) {
        // When
        List<String> command = Launch.of(service, config(2), JAVA).command();

        // Then
        assertThat(command).contains("jdk.incubator.vector").doesNotContain("-XX:TieredStopAtLevel=1");
    }

    @Test
    void the_trainer_has_the_cores_and_the_others_share() {
        // When
        List<String> threads = List.of(Service.TRAINER, Service.EVALUATOR, Service.SERVING).stream()
                .flatMap(service -> Launch.of(service, config(4), JAVA).command().stream())
                .filter(word -> word.startsWith("-Dio.adaptermill.threads="))
                .toList();

        // Then
        assertThat(threads)
                .containsExactly(
                        "-Dio.adaptermill.threads=4", "-Dio.adaptermill.threads=2", "-Dio.adaptermill.threads=2");
    }

    private static StackConfig config(int cores) {
        Map<Service, Integer> ports = new EnumMap<>(Service.class);
        for (Service service : Service.values()) ports.put(service, 7000 + service.ordinal());
        return new StackConfig(Path.of("/project"), Path.of("/run"), Path.of("/models/model.gguf"), ports, cores);
    }
}
