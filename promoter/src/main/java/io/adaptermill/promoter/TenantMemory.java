package io.adaptermill.promoter;

import io.adaptermill.promoter.live.AnswerState;
import io.adaptermill.promoter.live.ServingLine;
import io.adaptermill.promoter.promotion.PromotionState;
import io.adaptermill.promoter.request.TenantControl;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.TenantId;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/// What the promoter remembers of its partition's tenants. Owned by its stream thread.
final class TenantMemory {
    private final KeyValueStore<TenantId, PromotionState> states;
    private final KeyValueStore<TenantId, ServingLine> lines;
    private final KeyValueStore<TenantId, TenantControl> controls;
    private final KeyValueStore<String, AnswerState> answers;

    TenantMemory(ProcessorContext<?, ?> context) {
        states = context.getStateStore(PromotionTopology.STATE);
        lines = context.getStateStore(PromotionTopology.LINES);
        controls = context.getStateStore(PromotionTopology.CONTROLS);
        answers = context.getStateStore(PromotionTopology.ANSWERS);
    }

    PromotionState state(TenantId tenant) {
        return Optional.ofNullable(states.get(tenant)).orElse(PromotionState.NEW);
    }

    ServingLine line(TenantId tenant) {
        return Optional.ofNullable(lines.get(tenant)).orElse(ServingLine.NEW);
    }

    TenantControl control(TenantId tenant) {
        return Optional.ofNullable(controls.get(tenant)).orElse(TenantControl.NEW);
    }

    Optional<AnswerState> answer(TenantId tenant, InferenceId inference) {
        return Optional.ofNullable(answers.get(name(tenant, inference)));
    }

    void put(TenantId tenant, PromotionState state) {
        states.put(tenant, state);
    }

    void put(TenantId tenant, ServingLine line) {
        lines.put(tenant, line);
    }

    void put(TenantId tenant, TenantControl control) {
        controls.put(tenant, control);
    }

    void put(TenantId tenant, InferenceId inference, AnswerState answer) {
        answers.put(name(tenant, inference), answer);
    }

    /// Another version serves: evidence against the one before is stale.
    void moved(TenantId tenant, ServingLine line) {
        put(tenant, line);
        put(tenant, state(tenant).serving(line.serving().adapter()));
        put(tenant, control(tenant).afterMove());
    }

    /// An inference id has no blanks.
    private static String name(TenantId tenant, InferenceId inference) {
        return tenant + " " + inference;
    }
}
