package io.adaptermill.cli.command;

import io.adaptermill.cli.Exit;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `feedback tail`: what comes in, as it comes.
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        description = "Watch feedback arrive, and what is refused.",
        footer = {
            "",
            "Examples:",
            "  ./adaptermill feedback tail --tenant acme",
            "  ./adaptermill feedback tail --from-beginning --for 5"
        })
final class FeedbackTailCommand implements Callable<Integer> {
    private static final int TEXT_MAX = 60;
    private final Session session;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only this tenant's.")
    private @Nullable String tenant;

    @Option(names = "--from-beginning", description = "What came before, too.")
    private boolean fromBeginning;

    @Option(names = "--for", paramLabel = "SECONDS", description = "Stop after so long (default: at Ctrl-C).")
    private long seconds = Long.MAX_VALUE;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers (default: the local stack's).")
    private @Nullable String kafka;

    FeedbackTailCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        TopicReader.From from = fromBeginning ? TopicReader.From.BEGINNING : TopicReader.From.END;
        try (TopicReader reader = TopicReader.named("adaptermill-tail")
                .from(from)
                .on(Topics.FEEDBACK_RECEIVED, read -> read.envelope().ifPresent(e -> show(e, received(e.event()))))
                .on(Topics.FEEDBACK_REFUSED, read -> read.envelope().ifPresent(e -> show(e, refused(e.event()))))
                .start(session.kafka(Optional.ofNullable(kafka)))) {
            CountDownLatch stopped = new CountDownLatch(1);
            reader.failure().ifPresent(failure -> stopped.countDown());
            stopped.await(seconds, TimeUnit.SECONDS);
        }
        return Exit.DONE;
    }

    private void show(Envelope<? extends Event> envelope, String words) {
        if (tenant != null && !envelope.tenant().value().equals(tenant)) return;
        session.terminal().line(envelope.time() + "  " + envelope.tenant() + "  " + words);
    }

    private static String refused(FeedbackRefused event) {
        return "refused " + event.event() + ": " + event.reason() + ", " + event.detail();
    }

    private static String received(FeedbackReceived event) {
        return switch (event.feedback()) {
            case Feedback.Demonstration it -> "demonstration  " + asked(Optional.of(it.prompt()));
            case Feedback.Edit it -> "edit           " + asked(it.prompt());
            case Feedback.Preference it -> "preference     " + asked(Optional.of(it.prompt()));
            case Feedback.Rating it -> (it.good() ? "thumb up       " : "thumb down     ") + asked(it.prompt());
        };
    }

    private static String asked(Optional<Prompt> prompt) {
        String text = prompt.map(p -> p.messages().getLast().content()).orElse("(by inference id)");
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= TEXT_MAX ? line : line.substring(0, TEXT_MAX) + "…";
    }
}
