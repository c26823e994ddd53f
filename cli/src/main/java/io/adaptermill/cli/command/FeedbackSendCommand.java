package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.IngestClient;
import io.adaptermill.cli.client.IngestClient.Result;
import io.adaptermill.cli.client.IngestClient.Sending;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `feedback send`: one event, made of words on the command line.
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        description = "Send one feedback event. What is given decides its kind.",
        footer = {
            "",
            "Examples:",
            "  ./adaptermill feedback send --tenant acme --prompt \"Opening hours?\" --response \"9 to 6.\" --thumb up",
            "  ./adaptermill feedback send --tenant acme --inference chatcmpl-1 --thumb down",
            "  ./adaptermill feedback send --tenant acme --prompt \"Hours?\" --original \"Dunno\" --edited \"9 to 6.\"",
            "  ./adaptermill feedback send --tenant acme --prompt \"Hours?\" --chosen \"9 to 6.\" --rejected \"Dunno\""
        })
final class FeedbackSendCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--tenant", required = true, paramLabel = "TENANT", description = "Whose feedback it is.")
    private @Nullable String tenant;

    @Option(names = "--prompt", paramLabel = "TEXT", description = "What was asked.")
    private @Nullable String prompt;

    @Option(
            names = "--response",
            paramLabel = "TEXT",
            description = "The answer: ideal alone, judged with a thumb or score.")
    private @Nullable String response;

    @Option(names = "--inference", paramLabel = "ID", description = "An answer that was served, instead of its text.")
    private @Nullable String inference;

    @Option(names = "--thumb", paramLabel = "up|down", description = "A quick opinion.")
    private @Nullable Thumb thumb;

    @Option(names = "--score", paramLabel = "0..1", description = "A finer opinion.")
    private @Nullable Double score;

    @Option(names = "--original", paramLabel = "TEXT", description = "The answer before it was edited.")
    private @Nullable String original;

    @Option(names = "--edited", paramLabel = "TEXT", description = "The answer as the user corrected it.")
    private @Nullable String edited;

    @Option(names = "--chosen", paramLabel = "TEXT", description = "The better of two answers.")
    private @Nullable String chosen;

    @Option(names = "--rejected", paramLabel = "TEXT", description = "The worse of two answers.")
    private @Nullable String rejected;

    @Option(names = "--subject", paramLabel = "ID", description = "The person it comes from, for erasure.")
    private @Nullable String subject;

    @Option(names = "--id", paramLabel = "ID", description = "The event's own id (default: a new one).")
    private @Nullable String id;

    @Mixin
    private IngestOptions ingest = new IngestOptions();

    FeedbackSendCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        TenantId owner = Words.tenant(tenant);
        Sending event = new Sending(new EventId(id == null ? UUID.randomUUID().toString() : id), feedback());
        try (IngestClient client = ingest.connect(session, owner)) {
            Result result = client.send(List.of(event)).getFirst();
            result.refusal().ifPresent(reason -> {
                throw new CommandFailure(Exit.FAILED, "Refused: " + reason, "correct it and send it again");
            });
        }
        session.terminal().line("accepted " + event.id());
        return Exit.DONE;
    }

    private Feedback feedback() {
        try {
            Optional<SubjectId> person = Optional.ofNullable(subject).map(SubjectId::new);
            Optional<Prompt> asked = Optional.ofNullable(prompt).map(Prompt::ofUser);
            Optional<InferenceId> served = Optional.ofNullable(inference).map(InferenceId::new);
            if (chosen != null || rejected != null) {
                return new Feedback.Preference(
                        asked.orElseThrow(() -> missing("--prompt")),
                        or(chosen, "--chosen"),
                        or(rejected, "--rejected"),
                        person);
            }
            if (edited != null) {
                return new Feedback.Edit(served, asked, Optional.ofNullable(original), edited, person);
            }
            if (thumb != null || score != null) {
                return new Feedback.Rating(
                        served,
                        asked,
                        Optional.ofNullable(response),
                        Optional.ofNullable(thumb),
                        Optional.ofNullable(score),
                        person);
            }
            return new Feedback.Demonstration(
                    asked.orElseThrow(() -> missing("--prompt")), or(response, "--response"), person);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    Exit.USAGE,
                    "This makes no feedback: " + e.getMessage() + ".",
                    "./adaptermill feedback send --help",
                    e);
        }
    }

    private static String or(@Nullable String value, String option) {
        if (value == null) throw missing(option);
        return value;
    }

    private static IllegalArgumentException missing(String option) {
        return new IllegalArgumentException(option + " is missing");
    }
}
