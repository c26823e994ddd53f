package io.adaptermill.serving.swap;

import io.adaptermill.schemas.event.AdapterRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Compares what a tenant should be served with what it is served, and orders the steps between them.
///
/// The new version answers before the old one is drained, so there is no moment without an answer; memory of versions
/// that were overtaken on their way comes back first. An empty plan means that all is as it should be. The plan is made
/// anew after each step, so a pointer that moves in the middle of a swap simply changes what comes next.
public final class SwapPlanner {
    private SwapPlanner() {}

    public static List<SwapStep> plan(TenantState current, Served desired) {
        List<SwapStep> steps = new ArrayList<>();
        for (AdapterRef adapter : leftOver(current, desired)) steps.add(new SwapStep.Unload(adapter));
        if (!current.active().equals(desired)) {
            desired.adapter().ifPresent(adapter -> addPreparation(steps, current, adapter));
            steps.add(new SwapStep.Activate(desired));
        }
        addRetirement(steps, current, desired);
        return steps;
    }

    private static List<AdapterRef> leftOver(TenantState current, Served desired) {
        List<AdapterRef> adapters = new ArrayList<>(current.idle());
        current.prepared()
                .map(Prepared::adapter)
                .filter(adapter -> !current.holds(adapter))
                .ifPresent(adapters::add);
        adapters.removeIf(adapter -> Served.of(adapter).equals(desired));
        return adapters;
    }

    private static void addPreparation(List<SwapStep> steps, TenantState current, AdapterRef adapter) {
        if (current.holds(adapter)) return;
        Optional<Prepared.Stage> reached = current.prepared()
                .filter(candidate -> candidate.adapter().equals(adapter))
                .map(Prepared::stage);
        if (reached.isEmpty()) steps.add(new SwapStep.Fetch(adapter));
        if (isBefore(reached, Prepared.Stage.VERIFIED)) steps.add(new SwapStep.Verify(adapter));
        if (isBefore(reached, Prepared.Stage.LOADED)) steps.add(new SwapStep.Load(adapter));
    }

    private static boolean isBefore(Optional<Prepared.Stage> reached, Prepared.Stage stage) {
        return reached.map(at -> at.compareTo(stage) < 0).orElse(true);
    }

    private static void addRetirement(List<SwapStep> steps, TenantState current, Served desired) {
        List<Retired> retired = new ArrayList<>(current.retired());
        if (!current.active().equals(desired)) retired.add(new Retired(current.active(), desired));
        for (Retired entry : retired) steps.add(new SwapStep.Drain(entry));
        retired.stream()
                .map(Retired::served)
                .distinct()
                .filter(served -> !served.equals(desired))
                .flatMap(served -> served.adapter().stream())
                .forEach(adapter -> steps.add(new SwapStep.Unload(adapter)));
    }
}
