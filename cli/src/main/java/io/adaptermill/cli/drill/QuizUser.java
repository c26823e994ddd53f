package io.adaptermill.cli.drill;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.IngestClient;
import io.adaptermill.cli.client.IngestClient.Sending;
import io.adaptermill.cli.client.ServingClient;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// A user who asks what they know, and rates each answer by its id: thumb up if it is right, down if not.
///
/// Goes through HTTP as any product does, and never learns that versions exist.
final class QuizUser implements AutoCloseable {
    private static final int TOKENS_MAX = 16;

    private final TenantId tenant;
    private final String apiKey;
    private final ServingClient serving;
    private final IngestClient ingest;
    private final Random random;

    /// @param seed of the order of questions
    QuizUser(TenantId tenant, String apiKey, URI serving, URI ingest, long seed) {
        this.tenant = tenant;
        this.apiKey = apiKey;
        this.serving = new ServingClient(serving);
        this.ingest = new IngestClient(ingest, apiKey);
        this.random = new Random(seed);
    }

    /// @param version that wrote the answer; absent for the base model
    /// @param sent when the rating went off
    record Rated(Optional<VersionId> version, boolean good, Instant sent) {}

    Rated askAndRate() {
        Quiz quiz = Quiz.ALL.get(random.nextInt(Quiz.ALL.size()));
        ServingClient.Reply reply = serving.ask(new ServingClient.Question(
                tenant, tenant.value(), apiKey, List.of(new Message(Message.Role.USER, quiz.question())), TOKENS_MAX));
        InferenceId answer = reply.id()
                .orElseThrow(() -> new CommandFailure(
                        Exit.FAILED,
                        "Serving gave no answer: "
                                + reply.answer()
                                        .error()
                                        .orElse("status " + reply.answer().status()),
                        "read serving's log"));
        boolean good = quiz.isAnsweredBy(reply.text());
        Feedback thumb = new Feedback.Rating(
                Optional.of(answer),
                Optional.empty(),
                Optional.empty(),
                Optional.of(good ? Thumb.UP : Thumb.DOWN),
                Optional.empty(),
                Optional.empty());
        Instant sent = Instant.now();
        ingest.send(List.of(new Sending(new EventId("rating/" + answer), thumb)));
        return new Rated(reply.answer().version(), good, sent);
    }

    /// What answers for the tenant now, such as `acme@7`, or `base`.
    Optional<String> answeredBy() {
        return serving.answeredBy(tenant, apiKey);
    }

    @Override
    public void close() {
        serving.close();
        ingest.close();
    }
}
