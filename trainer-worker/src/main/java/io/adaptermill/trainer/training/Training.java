package io.adaptermill.trainer.training;

import io.adaptermill.lora.Progress;
import io.adaptermill.schemas.event.BatchClosed;
import java.util.List;

/// Turns one batch into a stored candidate, or says why not.
public interface Training extends AutoCloseable {
    /// The same batch gives the same result, however often it is called.
    ///
    /// @param progress may throw to give up; nothing is stored then
    /// @throws io.adaptermill.schemas.error.Unavailable if the store cannot be reached just now
    TrainingResult train(BatchClosed batch, Progress progress);

    /// Says which batches will be asked for next, so that they can be trained together: [#train] then goes on with all
    /// of
    /// them until the one it was asked for has ended. Ends what an earlier call began.
    ///
    /// @param requests each with the progress that [#train] will get; some may never be asked for
    default void expect(List<Request> requests) {}

    /// A batch that will be asked for.
    record Request(BatchClosed batch, Progress progress) {}

    @Override
    void close();
}
