package io.adaptermill.trainer.engine;

import io.adaptermill.lora.AdapterTrainer;
import io.adaptermill.lora.Assignment;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.train.SharedTraining;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.trainer.training.Training;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Batches in training together. One whose parent cannot be read just now is left out, and trained alone when it is
/// asked for: then its failure is its own.
final class ExpectedBatches implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ExpectedBatches.class);

    private final SharedTraining training;
    private final Map<BatchClosed, Integer> indexes;

    private ExpectedBatches(SharedTraining training, Map<BatchClosed, Integer> indexes) {
        this.training = training;
        this.indexes = indexes;
    }

    /// @param reading of a batch, with all the adapters that it needs; may throw
    static ExpectedBatches begin(
            List<Training.Request> requests, AdapterTrainer trainer, Function<Training.Request, Assignment> reading) {
        List<Assignment> assignments = new ArrayList<>();
        Map<BatchClosed, Integer> indexes = new HashMap<>();
        for (Training.Request request : requests) {
            BatchClosed batch = request.batch();
            try {
                Assignment assignment = reading.apply(request);
                indexes.put(batch, assignments.size());
                assignments.add(assignment);
            } catch (RuntimeException e) {
                LOGGER.atDebug()
                        .addKeyValue("batch", batch.batch())
                        .addKeyValue("error", e.getMessage())
                        .log("batch is trained by itself later");
            }
        }
        return new ExpectedBatches(trainer.begin(assignments), indexes);
    }

    /// How a batch ended; absent if it is not among these.
    Optional<TrainingOutcome> await(BatchClosed batch) {
        return Optional.ofNullable(indexes.get(batch)).map(training::await);
    }

    @Override
    public void close() {
        training.close();
    }
}
