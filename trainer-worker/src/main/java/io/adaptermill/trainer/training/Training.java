package io.adaptermill.trainer.training;

import io.adaptermill.lora.Progress;
import io.adaptermill.schemas.event.BatchClosed;

/// Turns one batch into a stored candidate, or says why not.
public interface Training extends AutoCloseable {
    /// The same batch gives the same result, however often it is called.
    ///
    /// @param progress may throw to give up; nothing is stored then
    /// @throws io.adaptermill.schemas.error.Unavailable if the store cannot be reached just now
    TrainingResult train(BatchClosed batch, Progress progress);

    @Override
    void close();
}
