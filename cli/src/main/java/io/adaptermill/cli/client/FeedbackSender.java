package io.adaptermill.cli.client;

import io.adaptermill.cli.client.IngestClient.Result;
import io.adaptermill.cli.client.IngestClient.Sending;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.id.EventId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Collects events into requests of a fair size. Owned by one thread.
public final class FeedbackSender {
    private static final int EVENTS_MAX = 100;
    private final IngestClient client;
    private final Consumer<Result> results;
    private final List<Sending> waiting = new ArrayList<>();

    /// @param results told what became of each event
    public FeedbackSender(IngestClient client, Consumer<Result> results) {
        this.client = client;
        this.results = results;
    }

    public void add(EventId id, Feedback feedback) {
        waiting.add(new Sending(id, feedback));
        if (waiting.size() >= EVENTS_MAX) flush();
    }

    public void flush() {
        if (waiting.isEmpty()) return;
        List<Result> all = client.send(List.copyOf(waiting));
        waiting.clear();
        all.forEach(results);
    }
}
