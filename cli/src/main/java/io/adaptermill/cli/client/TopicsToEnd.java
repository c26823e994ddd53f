package io.adaptermill.cli.client;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.stack.KeyFile;
import io.adaptermill.kafka.KeyFollower;
import io.adaptermill.kafka.TopicReader;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads topics from their beginning to their present end, for commands that ask once.
final class TopicsToEnd {
    private TopicsToEnd() {}

    /// Returns when every handler has seen everything; what they wrote is then visible to the caller.
    ///
    /// @throws CommandFailure if that takes too long
    static void read(TopicReader.Builder topics, String kafka, Duration timeout) {
        Optional<KeyFollower> keys = KeyFollower.start(kafka, KeyFile.SEAL.path());
        try (TopicReader reader = topics.opening(KeyFollower.records(keys)).start(kafka)) {
            reader.caughtUp().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new CommandFailure(
                    Exit.TIMED_OUT,
                    "The topics on Kafka at " + kafka + " could not be read within " + timeout.toSeconds() + " s.",
                    "./adaptermill status   or give it longer with --timeout",
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the topics could not be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(Exit.FAILED, "Stopped before the end.", "run it again", e);
        } finally {
            keys.ifPresent(KeyFollower::close);
        }
    }
}
