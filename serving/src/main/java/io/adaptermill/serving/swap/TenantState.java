package io.adaptermill.serving.swap;

import io.adaptermill.schemas.event.AdapterRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What one replica holds for one tenant. Moves only by [#after].
///
/// @param active what new requests start with
/// @param prepared a version on its way
/// @param retired replaced versions with answers still running, oldest first
/// @param idle loaded versions that nothing uses any more
public record TenantState(Served active, Optional<Prepared> prepared, List<Retired> retired, List<AdapterRef> idle) {
    public static final TenantState INITIAL = new TenantState(Served.BASE, Optional.empty(), List.of(), List.of());

    public TenantState {
        retired = List.copyOf(retired);
        idle = List.copyOf(idle);
    }

    /// The state once a step has succeeded.
    public TenantState after(SwapStep step) {
        return switch (step) {
            case SwapStep.Fetch(AdapterRef adapter) -> preparing(adapter, Prepared.Stage.FETCHED);
            case SwapStep.Verify(AdapterRef adapter) -> preparing(adapter, Prepared.Stage.VERIFIED);
            case SwapStep.Load(AdapterRef adapter) -> preparing(adapter, Prepared.Stage.LOADED);
            case SwapStep.Activate(Served served) -> activated(served);
            case SwapStep.Drain(Retired drained) -> drained(drained);
            case SwapStep.Unload(AdapterRef adapter) -> unloaded(adapter);
        };
    }

    /// Whether the version's weights are in the engine, whoever uses them.
    boolean holds(AdapterRef adapter) {
        return isUsing(adapter) || idle.contains(adapter);
    }

    /// Whether a running or a new request may use the version's weights.
    boolean isUsing(AdapterRef adapter) {
        return active.equals(Served.of(adapter))
                || retired.stream().anyMatch(entry -> entry.served().equals(Served.of(adapter)));
    }

    private TenantState preparing(AdapterRef adapter, Prepared.Stage stage) {
        return new TenantState(active, Optional.of(new Prepared(adapter, stage)), retired, idle);
    }

    private TenantState activated(Served served) {
        List<Retired> replaced = new ArrayList<>(retired);
        replaced.add(new Retired(active, served));
        Predicate<AdapterRef> isServed = adapter -> Served.of(adapter).equals(served);
        Optional<Prepared> left = prepared.filter(candidate -> !isServed.test(candidate.adapter()));
        return new TenantState(served, left, replaced, without(idle, isServed));
    }

    private TenantState drained(Retired entry) {
        List<Retired> running = new ArrayList<>(retired);
        running.remove(entry);
        TenantState next = new TenantState(active, prepared, running, idle);
        return entry.served()
                .adapter()
                .filter(adapter -> !next.holds(adapter))
                .map(next::withIdle)
                .orElse(next);
    }

    private TenantState withIdle(AdapterRef adapter) {
        List<AdapterRef> waiting = new ArrayList<>(idle);
        waiting.add(adapter);
        return new TenantState(active, prepared, retired, waiting);
    }

    private TenantState unloaded(AdapterRef adapter) {
        Optional<Prepared> left =
                prepared.filter(candidate -> !candidate.adapter().equals(adapter));
        return new TenantState(active, left, retired, without(idle, adapter::equals));
    }

    private static List<AdapterRef> without(List<AdapterRef> adapters, Predicate<AdapterRef> gone) {
        return adapters.stream().filter(gone.negate()).toList();
    }
}
