package io.adaptermill.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.cli.command.StackStart;
import io.adaptermill.cli.drill.RollbackDrill;
import io.adaptermill.cli.drill.RollbackFigures;
import io.adaptermill.cli.stack.LocalStack;
import io.adaptermill.cli.stack.StackConfig;
import io.adaptermill.cli.terminal.LiveLine;
import io.adaptermill.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `./adaptermill drill rollback` measures, as a test with few ratings.
class LiveRollbackIT {
    @TempDir
    Path folder;

    @Test
    @Timeout(300)
    void a_ruined_version_that_was_forced_live_goes_by_ratings_alone_and_a_harmless_one_stays() {
        // Given
        StackConfig config = TestStack.config(folder);
        Terminal terminal = new Terminal(System.out, System.err, false, false);

        // When
        List<RollbackFigures> figures;
        try (LocalStack stack = new LocalStack(config)) {
            new StackStart(stack, new LiveLine(terminal)).run();
            try (RollbackDrill drill = new RollbackDrill(config, new RollbackDrill.Plan(16, 16, 1), terminal::line)) {
                figures = drill.run();
            }
        }

        // Then
        RollbackFigures worse = figures.getFirst();
        assertThat(worse.rolledBack()).as(worse.toString()).isTrue();
        assertThat(worse.servingMillis()).as(worse.toString()).isBetween(0L, 999L);
        assertThat(figures.getLast().rolledBack())
                .as(figures.getLast().toString())
                .isFalse();
    }
}
