package io.adaptermill.cli.demo;

import io.adaptermill.cli.stack.LocalStack;
import io.adaptermill.cli.stack.Service;
import io.adaptermill.schemas.event.TrainingProgressed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Kills the trainer once, with SIGKILL and in the middle of a batch, and starts it again.
///
/// Owned by the demo's own thread.
final class TrainerCrash {
    private final LocalStack stack;
    private Optional<Killed> killed = Optional.empty();

    TrainerCrash(LocalStack stack) {
        this.stack = stack;
    }

    /// What was killed when.
    ///
    /// @param step the last one that was reported before
    record Killed(String batch, int step, int stepsTotal, Instant at) {}

    /// @return the deed, the one time it is done
    Optional<Killed> after(TrainingProgressed progress) {
        boolean middle = progress.step() >= 2 && progress.step() < progress.stepsTotal() - 1;
        if (killed.isPresent() || !middle) return Optional.empty();
        stack.kill(Service.TRAINER);
        stack.start(Service.TRAINER);
        killed = Optional.of(
                new Killed(progress.batch().toString(), progress.step(), progress.stepsTotal(), Instant.now()));
        return killed;
    }

    Optional<Killed> killed() {
        return killed;
    }

    /// How long nothing was trained, if this step is one after the kill.
    Optional<Duration> outage(Instant step) {
        return killed.map(deed -> Duration.between(deed.at(), step)).filter(Duration::isPositive);
    }
}
