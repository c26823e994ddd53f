package io.adaptermill.gates.simulation;

import java.util.List;

/// All that is simulated, from one seed.
public record GateSimulation(
        Plan plan,
        List<NullSeries> nothing,
        List<MixedSeries> mixed,
        List<Power> power,
        List<LiveRuns> live,
        List<CanaryRuns> canaries) {
    public GateSimulation {
        nothing = List.copyOf(nothing);
        mixed = List.copyOf(mixed);
        power = List.copyOf(power);
        live = List.copyOf(live);
        canaries = List.copyOf(canaries);
    }

    public static GateSimulation run(Plan plan) {
        Dice dice = new Dice(plan.seed());
        return new GateSimulation(
                plan,
                NullSeries.run(plan, dice.fork()),
                MixedSeries.run(plan, dice.fork()),
                Power.run(plan, dice.fork()),
                LiveRuns.run(plan, dice.fork()),
                CanaryRuns.run(plan, dice.fork()));
    }
}
