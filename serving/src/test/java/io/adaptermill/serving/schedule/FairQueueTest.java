package io.adaptermill.serving.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private final FairQueue<String, String> queue = new FairQueue<>(6, 4);

    @Test
    void tenants_take_turns_and_each_keeps_its_own_order() {
        // Given
        for (String request : List.of("a1", "a2", "a3", "b1", "c1")) offer(request);

        // When, Then
        assertThat(pollAll(Map.of())).containsExactly("a1", "b1", "c1", "a2", "a3");
    }

    @Test
    void whoever_has_fewest_answers_running_comes_first() {
        // Given
        for (String request : List.of("a1", "b1", "c1")) offer(request);

        // When, Then
        assertThat(pollAll(Map.of("a", 2, "b", 1))).containsExactly("c1", "b1", "a1");
    }

    @Test
    void a_flood_of_one_tenant_leaves_room_for_another() {
        // Given
        for (int i = 1; i <= 4; i++) assertThat(offer("a" + i)).isTrue();

        // When, Then
        assertThat(offer("a5")).isFalse();
        assertThat(offer("b1")).isTrue();
        assertThat(offer("b2")).isTrue();
        assertThat(offer("c1")).as("the whole is full").isFalse();
        assertThat(queue.size()).isEqualTo(6);
    }

    @Test
    void requests_nobody_waits_for_leave_their_room_to_others() {
        // Given
        for (String request : List.of("a1", "a2", "b1")) offer(request);

        // When
        queue.removeIf(request -> !request.equals("a2"));

        // Then
        assertThat(queue.size()).isEqualTo(1);
        assertThat(pollAll(Map.of())).containsExactly("a2");
    }

    private boolean offer(String request) {
        return queue.offer(request.substring(0, 1), request);
    }

    private List<String> pollAll(Map<String, Integer> running) {
        List<String> polled = new ArrayList<>();
        while (queue.size() > 0) {
            queue.poll(tenant -> running.getOrDefault(tenant, 0)).ifPresent(polled::add);
        }
        return polled;
    }
}
