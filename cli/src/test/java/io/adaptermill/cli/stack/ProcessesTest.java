package io.adaptermill.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
    @TempDir
    Path folder;

    @Test
    void a_stack_that_was_written_down_can_be_found_and_stopped() throws Exception {
        // Given
        Child child = start("sleep", "600");
        new StackState(Instant.EPOCH, folder, folder, "localhost:1", List.of(child)).write(folder);

        // When
        StackState found = StackState.read(folder).orElseThrow();
        boolean ran = found.running();
        Processes.stop(found.children());

        // Then
        assertThat(ran).isTrue();
        assertThat(found.running()).isFalse();
    }

    @Test
    void a_process_that_ignores_the_request_is_ended_all_the_same() throws Exception {
        // Given
        Child child = start("sh", "-c", "trap '' TERM; while :; do sleep 1; done");

        // When
        Processes.stop(List.of(child), java.time.Duration.ofMillis(300));

        // Then
        assertThat(child.alive()).isFalse();
    }

    @Test
    void another_process_with_a_reused_id_is_left_alone() {
        // Given
        Child gone = new Child(
                Service.SERVING, ProcessHandle.current().pid(), Instant.EPOCH, 1, folder.resolve("serving.log"));

        // When
        Processes.stop(List.of(gone));

        // Then
        assertThat(gone.alive()).isFalse();
    }

    @Test
    void without_a_file_there_is_no_stack() {
        // When
        Optional<StackState> found = StackState.read(folder);

        // Then
        assertThat(found).isEmpty();
    }

    private Child start(String... command) throws Exception {
        Path log = Files.createTempFile(folder, "service", ".log");
        StackConfig config = new StackConfig(folder, folder, folder, Map.of(Service.SERVING, 1), 2);
        return Processes.start(
                Service.SERVING,
                List.of(command),
                new Launch(Service.SERVING, List.of(command), Map.of(), log),
                config);
    }
}
