package io.adaptermill.serving.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SwapPlannerTest {
    private static final AdapterRef V1 = ref(1);
    private static final AdapterRef V2 = ref(2);
    private static final AdapterRef V3 = ref(3);
    private static final Served ONE = Served.of(V1);
    private static final Served TWO = Served.of(V2);

    private static final TenantState SERVES_1 = new TenantState(ONE, Optional.empty(), List.of(), List.of());

    static Stream<Arguments> plans() {
        return Stream.of(
                arguments("at rest with the base", TenantState.INITIAL, Served.BASE, List.of()),
                arguments("at rest with a version", SERVES_1, ONE, List.of()),
                arguments(
                        "the first version",
                        TenantState.INITIAL,
                        ONE,
                        List.of(fetch(V1), verify(V1), load(V1), activate(ONE), drain(Served.BASE, ONE))),
                arguments(
                        "the next version",
                        SERVES_1,
                        TWO,
                        List.of(fetch(V2), verify(V2), load(V2), activate(TWO), drain(ONE, TWO), unload(V1))),
                arguments(
                        "a tombstone",
                        SERVES_1,
                        Served.BASE,
                        List.of(activate(Served.BASE), drain(ONE, Served.BASE), unload(V1))),
                arguments(
                        "fetched already",
                        preparing(V2, Prepared.Stage.FETCHED),
                        TWO,
                        List.of(verify(V2), load(V2), activate(TWO), drain(ONE, TWO), unload(V1))),
                arguments(
                        "verified already",
                        preparing(V2, Prepared.Stage.VERIFIED),
                        TWO,
                        List.of(load(V2), activate(TWO), drain(ONE, TWO), unload(V1))),
                arguments(
                        "loaded already",
                        preparing(V2, Prepared.Stage.LOADED),
                        TWO,
                        List.of(activate(TWO), drain(ONE, TWO), unload(V1))),
                arguments(
                        "overtaken on its way",
                        preparing(V2, Prepared.Stage.LOADED),
                        Served.of(V3),
                        List.of(
                                unload(V2),
                                fetch(V3),
                                verify(V3),
                                load(V3),
                                activate(Served.of(V3)),
                                drain(ONE, Served.of(V3)),
                                unload(V1))),
                arguments("taken back on its way", preparing(V2, Prepared.Stage.FETCHED), ONE, List.of(unload(V2))),
                arguments(
                        "rolled back while the old version still drains",
                        draining(TWO, new Retired(ONE, TWO)),
                        ONE,
                        List.of(activate(ONE), drain(ONE, TWO), drain(TWO, ONE), unload(V2))),
                arguments(
                        "nothing left but draining",
                        draining(TWO, new Retired(ONE, TWO)),
                        TWO,
                        List.of(drain(ONE, TWO), unload(V1))),
                arguments(
                        "drained and not unloaded yet",
                        new TenantState(TWO, Optional.empty(), List.of(), List.of(V1)),
                        TWO,
                        List.of(unload(V1))),
                arguments(
                        "asked for again before it was unloaded",
                        new TenantState(TWO, Optional.empty(), List.of(), List.of(V1)),
                        ONE,
                        List.of(activate(ONE), drain(TWO, ONE), unload(V2))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plans")
    void each_state_has_one_way_to_what_is_wanted(
            String name, TenantState current, Served desired, List<SwapStep> expected) {
        assertThat(SwapPlanner.plan(current, desired)).as(name).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plans")
    void doing_the_steps_one_by_one_ends_where_nothing_is_left_to_do(
            String name, TenantState current, Served desired, List<SwapStep> ignored) {
        // When
        TenantState end = settle(current, desired);

        // Then
        assertThat(end).as(name).isEqualTo(new TenantState(desired, Optional.empty(), List.of(), List.of()));
    }

    @Test
    void wishes_that_change_at_any_moment_never_unload_what_is_used_nor_serve_what_is_not_loaded() {
        long seed = 20260101;
        Random random = new Random(seed);
        List<Served> wishes = List.of(Served.BASE, ONE, TWO, Served.of(V3));
        TenantState state = TenantState.INITIAL;
        java.util.Set<AdapterRef> loaded = new java.util.HashSet<>();
        Served wish = Served.BASE;
        for (int i = 0; i < 20_000; i++) {
            // Given
            if (random.nextInt(3) == 0) wish = wishes.get(random.nextInt(wishes.size()));
            List<SwapStep> plan = SwapPlanner.plan(state, wish);
            if (plan.isEmpty()) continue;

            // When
            SwapStep step = plan.getFirst();
            if (step instanceof SwapStep.Load(AdapterRef adapter)) loaded.add(adapter);
            if (step instanceof SwapStep.Unload(AdapterRef adapter)) {
                assertThat(state.isUsing(adapter))
                        .as("seed %d, step %d: %s", seed, i, step)
                        .isFalse();
                loaded.remove(adapter);
            }
            state = state.after(step);

            // Then
            state.active()
                    .adapter()
                    .ifPresent(adapter -> assertThat(loaded).as("seed %d", seed).contains(adapter));
        }
        assertThat(settle(state, Served.BASE)).isEqualTo(TenantState.INITIAL);
    }

    private static TenantState settle(TenantState from, Served desired) {
        TenantState state = from;
        for (int i = 0; i < 50; i++) {
            List<SwapStep> plan = SwapPlanner.plan(state, desired);
            if (plan.isEmpty()) return state;
            state = state.after(plan.getFirst());
        }
        throw new AssertionError("no end in sight from " + from + " to " + desired);
    }

    private static TenantState preparing(AdapterRef adapter, Prepared.Stage stage) {
        return new TenantState(ONE, Optional.of(new Prepared(adapter, stage)), List.of(), List.of());
    }

    private static TenantState draining(Served active, Retired retired) {
        return new TenantState(active, Optional.empty(), List.of(retired), List.of());
    }

    private static AdapterRef ref(long number) {
        return new AdapterRef(VersionId.parse("acme@" + number), Digest.of(new byte[] {(byte) number}));
    }

    private static SwapStep fetch(AdapterRef adapter) {
        return new SwapStep.Fetch(adapter);
    }

    private static SwapStep verify(AdapterRef adapter) {
        return new SwapStep.Verify(adapter);
    }

    private static SwapStep load(AdapterRef adapter) {
        return new SwapStep.Load(adapter);
    }

    private static SwapStep activate(Served served) {
        return new SwapStep.Activate(served);
    }

    private static SwapStep drain(Served served, Served successor) {
        return new SwapStep.Drain(new Retired(served, successor));
    }

    private static SwapStep unload(AdapterRef adapter) {
        return new SwapStep.Unload(adapter);
    }
}
