package io.adaptermill.ingest.batch;

import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.feedback.Example;
import java.time.Instant;

/// An example on its way into a batch.
///
/// @param since when it was placed here, by our clock: products' clocks may be wrong
/// @param tokens estimated, four characters each
/// @param partition of its record in `feedback.received`
/// @param offset of its record in `feedback.received`
public record WaitingItem(BatchItem item, Instant since, int tokens, int partition, long offset) {
    private static final int CHARACTERS_PER_TOKEN = 4;

    public static WaitingItem of(BatchItem item, Instant since, int partition, long offset) {
        return new WaitingItem(item, since, tokens(item.example()), partition, offset);
    }

    private static int tokens(Example example) {
        int prompt = example.prompt().messages().stream()
                .mapToInt(message -> message.content().length())
                .sum();
        int answers = switch (example) {
            case Example.Demonstration e -> e.response().length();
            case Example.Edit e -> e.original().length() + e.edited().length();
            case Example.Preference e -> e.chosen().length() + e.rejected().length();
            case Example.Rating e -> e.response().length();
        };
        return (prompt + answers + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }
}
