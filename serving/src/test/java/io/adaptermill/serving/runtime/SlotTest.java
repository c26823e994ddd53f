package io.adaptermill.serving.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.serving.swap.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SlotTest {
    @Test
    void no_lease_is_lost_and_none_outlives_its_versions_drain_under_contention() throws Exception {
        // Given
        Slot slot = new Slot();
        AtomicBoolean stop = new AtomicBoolean();
        List<ServingVersion> replaced = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> leases = new ArrayList<>();
            for (int i = 0; i < 4; i++) leases.add(clients.submit(() -> leaseUntil(stop, slot)));

            // When
            for (int i = 1; i <= 2_000; i++) {
                replaced.add(slot.activate(version(i), Optional.empty()));
                Thread.yield();
            }
            stop.set(true);

            // Then
            for (Future<Integer> count : leases) assertThat(count.get()).isPositive();
        }
        assertThat(replaced).allMatch(version -> version.drained().isDone());
        assertThat(replaced).allMatch(version -> version.lease().isEmpty());
        assertThat(slot.served()).isEqualTo(version(2_000));
    }

    private static int leaseUntil(AtomicBoolean stop, Slot slot) {
        int count = 0;
        while (!stop.get()) {
            try (Lease lease = slot.lease()) {
                if (lease.served().label().isEmpty()) throw new AssertionError("a lease must be on a version");
            }
            count++;
            Thread.yield();
        }
        return count;
    }

    private static Served version(int number) {
        return Served.of(new AdapterRef(VersionId.parse("acme@" + number), Digest.of(new byte[] {1})));
    }
}
