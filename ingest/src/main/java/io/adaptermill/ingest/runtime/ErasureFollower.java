package io.adaptermill.ingest.runtime;

import io.adaptermill.ingest.erasure.ErasureBook;
import io.adaptermill.kafka.TopicReader;
import io.adaptermill.schemas.Topics;

/// Keeps an [ErasureBook] up with the log.
public final class ErasureFollower implements AutoCloseable {
    private final ErasureBook book = new ErasureBook();
    private final TopicReader reader;

    public ErasureFollower(String kafka) {
        reader = TopicReader.named("erasures")
                .on(
                        Topics.ERASURE_REQUESTED,
                        read -> read.envelope()
                                .ifPresent(
                                        envelope -> book.requested(envelope.tenant(), envelope.id(), envelope.event())))
                .on(
                        Topics.SUBJECT_ERASED,
                        read -> read.envelope().ifPresent(envelope -> book.erased(envelope.tenant(), envelope.event())))
                .start(kafka);
    }

    public ErasureBook book() {
        return book;
    }

    public boolean isCaughtUp() {
        return reader.caughtUp().isDone();
    }

    @Override
    public void close() {
        reader.close();
    }
}
