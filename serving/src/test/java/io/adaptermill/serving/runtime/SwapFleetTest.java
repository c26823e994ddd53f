package io.adaptermill.serving.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.serving.engine.FakeEngine;
import io.adaptermill.serving.swap.Retired;
import io.adaptermill.serving.swap.RetryPolicy;
import io.adaptermill.serving.swap.Served;
import io.adaptermill.serving.swap.SwapStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SwapFleetTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final RetryPolicy PATIENT = new RetryPolicy(1_000, Duration.ofMillis(20), Duration.ofMillis(40));
    private static final RetryPolicy IMPATIENT = new RetryPolicy(3, Duration.ofMillis(20), Duration.ofMillis(40));

    private final FakeEngine engine = new FakeEngine(0);
    private final Map<Digest, AdapterSource.Fetched> artifacts = new ConcurrentHashMap<>();
    private final Recorder recorder = new Recorder();
    private SwapFleet fleet = new SwapFleet(this::fetch, engine, PATIENT, recorder);

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void a_request_finishes_on_the_version_it_started_with_and_only_then_is_that_unloaded() {
        // Given
        served(stored(ACME, 1));
        Lease running = fleet.lease(ACME);

        // When
        served(stored(ACME, 2));

        // Then
        assertThat(running.served().label()).isEqualTo("acme@1");
        try (Lease next = fleet.lease(ACME)) {
            assertThat(next.served().label()).isEqualTo("acme@2");
        }
        assertThat(recorder.events).doesNotContain("unloaded acme@1");
        running.close();
        running.close();
        await().untilAsserted(() -> assertThat(recorder.events).contains("unloaded acme@1"));
        assertThat(recorder.events)
                .containsExactly(
                        "loaded acme@1",
                        "activated base -> acme@1",
                        "drained base -> acme@1 of 0",
                        "loaded acme@2",
                        "activated acme@1 -> acme@2",
                        "drained acme@1 -> acme@2 of 1",
                        "unloaded acme@1");
    }

    @Test
    void a_version_that_cannot_be_fetched_leaves_the_old_one_answering_until_it_can() {
        // Given
        served(stored(ACME, 1));
        AdapterRef late = ref(ACME, 2);

        // When
        fleet.want(ACME, Served.of(late));

        // Then
        await().untilAsserted(() -> assertThat(recorder.events).contains("failed Fetch, for good: false"));
        assertThat(label(ACME)).isEqualTo("acme@1");
        stored(ACME, 2);
        await().untilAsserted(() -> assertThat(label(ACME)).isEqualTo("acme@2"));
    }

    @Test
    void after_the_last_try_it_rests_and_the_next_pointer_starts_over() {
        // Given
        fleet = new SwapFleet(this::fetch, engine, IMPATIENT, recorder);
        served(stored(ACME, 1));

        // When
        fleet.want(ACME, Served.of(ref(ACME, 2)));

        // Then
        await().untilAsserted(() -> assertThat(recorder.events).contains("failed Fetch, for good: true"));
        assertThat(recorder.events.stream().filter(event -> event.startsWith("failed")))
                .hasSize(3);
        served(stored(ACME, 3));
        assertThat(label(ACME)).isEqualTo("acme@3");
    }

    @Test
    void an_artifact_of_another_base_of_another_name_or_with_broken_weights_never_reaches_the_engine() {
        // Given
        AdapterRef foreign = ref(ACME, 1);
        AdapterRef renamed = ref(ACME, 2);
        AdapterRef broken = ref(ACME, 3);
        artifacts.put(
                foreign.artifact(),
                new AdapterSource.Fetched(foreign.version(), Digest.of(new byte[] {9}), FakeEngine.adapter(1)));
        artifacts.put(
                renamed.artifact(),
                new AdapterSource.Fetched(VersionId.parse("globex@2"), FakeEngine.BASE, FakeEngine.adapter(2)));
        artifacts.put(
                broken.artifact(),
                new AdapterSource.Fetched(broken.version(), FakeEngine.BASE, NotFinite.of(FakeEngine.adapter(3))));

        // When
        for (AdapterRef adapter : List.of(foreign, renamed, broken)) {
            fleet.want(ACME, Served.of(adapter));
            await().untilAsserted(() ->
                    assertThat(recorder.lastFailure).contains(adapter.version().toString()));
        }

        // Then
        assertThat(engine.loads()).isZero();
        assertThat(label(ACME)).isEqualTo("base");
        assertThat(recorder.events).allMatch(event -> event.startsWith("failed Verify"));
    }

    @Test
    void a_tombstone_brings_the_base_back() {
        // Given
        served(stored(ACME, 1));

        // When
        fleet.want(ACME, Served.BASE);

        // Then
        await().untilAsserted(() -> assertThat(recorder.events).contains("unloaded acme@1"));
        assertThat(label(ACME)).isEqualTo("base");
    }

    @Test
    void a_tenant_in_trouble_delays_no_other() {
        // Given
        fleet.want(ACME, Served.of(ref(ACME, 1)));

        // When
        served(stored(GLOBEX, 1));

        // Then
        assertThat(label(GLOBEX)).isEqualTo("globex@1");
        assertThat(label(ACME)).isEqualTo("base");
    }

    private AdapterSource.Fetched fetch(AdapterRef adapter) {
        AdapterSource.Fetched found = artifacts.get(adapter.artifact());
        if (found == null) throw new IllegalStateException("no artifact for " + adapter.version());
        return found;
    }

    private AdapterRef stored(TenantId tenant, long number) {
        AdapterRef adapter = ref(tenant, number);
        artifacts.put(
                adapter.artifact(),
                new AdapterSource.Fetched(adapter.version(), FakeEngine.BASE, FakeEngine.adapter(number)));
        return adapter;
    }

    private void served(AdapterRef adapter) {
        TenantId tenant = adapter.version().tenant();
        fleet.want(tenant, Served.of(adapter));
        await().untilAsserted(() ->
                assertThat(label(tenant)).isEqualTo(adapter.version().toString()));
    }

    private String label(TenantId tenant) {
        try (Lease lease = fleet.lease(tenant)) {
            return lease.served().label();
        }
    }

    private static AdapterRef ref(TenantId tenant, long number) {
        VersionId version = new VersionId(tenant, number);
        return new AdapterRef(version, Digest.of(version.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static final class Recorder implements SwapListener {
        private final List<String> events = new CopyOnWriteArrayList<>();
        private volatile String lastFailure = "";

        @Override
        public void loaded(AdapterRef adapter) {
            events.add("loaded " + adapter.version());
        }

        @Override
        public void unloaded(AdapterRef adapter) {
            events.add("unloaded " + adapter.version());
        }

        @Override
        public void activated(TenantId tenant, Retired swap, Duration took) {
            events.add("activated " + name(swap));
        }

        @Override
        public void drained(TenantId tenant, Retired swap, Duration took, int requestsDrained) {
            events.add("drained " + name(swap) + " of " + requestsDrained);
        }

        @Override
        public void failed(TenantId tenant, SwapStep step, RuntimeException cause, boolean givenUp) {
            lastFailure = String.valueOf(cause.getMessage());
            events.add("failed " + step.getClass().getSimpleName() + ", for good: " + givenUp);
        }

        private static String name(Retired swap) {
            return swap.served().label() + " -> " + swap.successor().label();
        }
    }
}
