package io.adaptermill.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.broker.BrokerMain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerMainIT {
    @TempDir
    private Path folder;

    @Test
    void what_it_holds_outlives_a_restart_and_a_taken_port_is_said_in_one_line() throws Exception {
        // Given
        Process first = broker("0", folder.resolve("data"));
        String address = ready(first);
        String port = address.substring(address.indexOf(':') + 1);
        try (Admin admin = admin(address)) {
            admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }

        // When
        Process second = broker(port, folder.resolve("other"));
        String complaint = new String(second.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        int secondExit = second.waitFor();
        first.destroy();
        first.waitFor();
        Process again = broker(port, folder.resolve("data"));

        // Then
        try (Admin admin = admin(ready(again))) {
            assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).contains("kept");
        } finally {
            again.destroyForcibly().waitFor();
        }
        assertThat(secondExit).isEqualTo(1);
        assertThat(complaint.lines())
                .containsExactly("broker could not start: port " + port
                        + " is taken: stop what listens there, or choose another with --port");
    }

    @Test
    void wrong_usage_is_said_and_ends_with_two() throws Exception {
        // When
        Process process = broker("ninety", folder);
        String complaint = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(complaint)
                .contains("--port must be in [0, 65535], was ninety")
                .contains("usage:");
    }

    private static Process broker(String port, Path data) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BrokerMain.class.getName()));
        command.addAll(List.of("--port", port, "--dir", data.toString()));
        return new ProcessBuilder(command).start();
    }

    private static String ready(Process broker) throws IOException {
        String line = broker.inputReader().readLine();
        assertThat(line).startsWith("ready localhost:");
        return line.substring("ready ".length());
    }

    private static Admin admin(String address) {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address));
    }
}
