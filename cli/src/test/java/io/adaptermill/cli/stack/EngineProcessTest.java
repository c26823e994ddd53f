package io.adaptermill.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineProcessTest {
    @Test
    void a_command_that_computes_runs_on_the_trainers_engine_with_the_trainers_flags_and_threads() {
        // When
        List<String> command = EngineProcess.command(
                Path.of("/project"), Path.of("/jdk/bin/java"), 4, List.of("rebuild", "acme@1", "--from-base"));

        // Then
        assertThat(command)
                .startsWith("/jdk/bin/java")
                .containsAll(Service.TRAINER.jvmFlags())
                .contains("-Dio.adaptermill.threads=4", "-Dadaptermill.root=/project")
                .containsSequence(
                        "-cp",
                        "/project/cli/target/*:/project/cli/target/lib/*"
                                + ":/project/trainer-worker/target/quarkus-app/lib/main/*",
                        "io.adaptermill.cli.AdaptermillMain",
                        "rebuild",
                        "acme@1",
                        "--from-base");
    }
}
