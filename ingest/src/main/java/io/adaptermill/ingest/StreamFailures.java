package io.adaptermill.ingest;

import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a stream thread's failure means: our own mistakes stop the service, since they would come back at
/// once; anything else is the world's, and a new thread goes on from the last commit.
final class StreamFailures implements StreamsUncaughtExceptionHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(StreamFailures.class);

    @Override
    public StreamThreadExceptionResponse handle(Throwable failure) {
        boolean isOurs = isOurs(failure);
        LOGGER.atError()
                .addKeyValue("error", failure.getMessage())
                .setCause(failure)
                .log(isOurs ? "stream stopped by our fault" : "stream thread is replaced");
        return isOurs ? StreamThreadExceptionResponse.SHUTDOWN_CLIENT : StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private static boolean isOurs(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalStateException || cause instanceof IllegalArgumentException) return true;
        }
        return false;
    }
}
