package io.adaptermill.gates.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// The command's simulation, small: what its table promises must hold here too.
class GateSimulationTest {
    private static final Plan SMALL = new Plan(7, 100, 60, 100, 400, 0.05, 1);

    @Test
    void the_series_keeps_its_budget_and_a_t_test_does_not() {
        // When
        GateSimulation simulation = GateSimulation.run(SMALL);

        // Then
        assertThat(simulation.nothing()).hasSize(6).allSatisfy(series -> {
            if (series.rule().equals(Rule.SERIES.words()))
                assertThat(series.anyFalse()).isLessThanOrEqualTo(0.05);
            if (series.rule().equals(Rule.T_TEST.words()))
                assertThat(series.anyFalse()).isGreaterThan(0.5);
        });
        assertThat(simulation.mixed())
                .filteredOn(series -> series.rule().equals(Rule.SERIES.words()))
                .allSatisfy(series -> assertThat(series.falseShare()).isLessThanOrEqualTo(0.05));
    }

    @Test
    void steady_small_gains_are_approved_once_they_have_added_up() {
        // When
        GateSimulation simulation = GateSimulation.run(SMALL);

        // Then
        assertThat(simulation.power())
                .allSatisfy(power -> assertThat(power.approvals()).isGreaterThan(1));
    }

    @Test
    void a_worse_version_is_rolled_back_and_an_equal_one_is_not() {
        // When
        GateSimulation simulation = GateSimulation.run(SMALL);

        // Then
        assertThat(simulation.live()).allSatisfy(runs -> {
            if (runs.good() >= runs.goodBefore()) assertThat(runs.rolledBack()).isLessThanOrEqualTo(0.05);
            if (runs.good() <= 0.4) assertThat(runs.rolledBack()).isGreaterThan(0.9);
        });
    }

    @Test
    void a_canary_that_is_much_worse_is_withdrawn_and_a_better_one_promoted() {
        // When
        GateSimulation simulation = GateSimulation.run(SMALL);

        // Then
        assertThat(simulation.canaries()).allSatisfy(runs -> {
            if (runs.good() >= runs.goodOfChampion())
                assertThat(runs.withdrawn()).isLessThanOrEqualTo(0.05);
            if (runs.good() < runs.goodOfChampion() - runs.fallMax())
                assertThat(runs.promoted()).isLessThanOrEqualTo(0.05);
            if (runs.good() <= 0.4) assertThat(runs.withdrawn()).isGreaterThan(0.9);
        });
    }

    @Test
    void the_same_seed_gives_the_same_figures() {
        // Given
        Plan tiny = new Plan(3, 5, 10, 5, 20, 0.05, 1);

        // When / Then
        assertThat(GateSimulation.run(tiny)).isEqualTo(GateSimulation.run(tiny));
    }

    @Test
    void students_points_are_those_of_the_tables() {
        // When / Then
        assertThat(StudentT.upper(7)).isCloseTo(1.8946, within(5e-4));
        assertThat(StudentT.upper(31)).isCloseTo(1.6955, within(1e-4));
        assertThat(StudentT.upper(63)).isCloseTo(1.6694, within(1e-4));
    }
}
