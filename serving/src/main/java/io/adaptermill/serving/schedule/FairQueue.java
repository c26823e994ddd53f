package io.adaptermill.serving.schedule;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/// Requests that wait for a place in the batch, bounded in all and per tenant.
///
/// The tenant with the fewest running answers comes first, and among equals the one that was served longest ago. So a
/// tenant that floods the queue fills only its own share, and delays another's request by one answer at most.
///
/// Mutable and unguarded: one lock or one thread owns it.
///
/// @param <K> whose request it is
/// @param <T> the request
public final class FairQueue<K, T> {
    private final int sizeMax;
    private final int sizeMaxPerTenant;
    /// In the order of their turns; a tenant without waiting requests is absent.
    private final SequencedMap<K, Deque<T>> waiting = new LinkedHashMap<>();
    private int size;

    public FairQueue(int sizeMax, int sizeMaxPerTenant) {
        if (sizeMax < 1 || sizeMaxPerTenant < 1) {
            throw new IllegalArgumentException(
                    "both sizes must be at least 1, were " + sizeMax + " and " + sizeMaxPerTenant);
        }
        this.sizeMax = sizeMax;
        this.sizeMaxPerTenant = sizeMaxPerTenant;
    }

    public int size() {
        return size;
    }

    /// @return false if there is no room, for anyone or for this tenant
    public boolean offer(K tenant, T request) {
        if (size >= sizeMax) return false;
        Deque<T> line = waiting.get(tenant);
        if (line != null && line.size() >= sizeMaxPerTenant) return false;
        waiting.computeIfAbsent(tenant, key -> new ArrayDeque<>()).addLast(request);
        size++;
        return true;
    }

    /// @param running answers a tenant has in the batch now
    public Optional<T> poll(ToIntFunction<K> running) {
        Optional<K> next =
                waiting.keySet().stream().min((a, b) -> Integer.compare(running.applyAsInt(a), running.applyAsInt(b)));
        return next.map(this::take);
    }

    /// Drops requests that nobody waits for any more.
    public void removeIf(Predicate<T> abandoned) {
        for (Iterator<Map.Entry<K, Deque<T>>> lines = waiting.entrySet().iterator(); lines.hasNext(); ) {
            Deque<T> line = lines.next().getValue();
            size -= line.size();
            line.removeIf(abandoned);
            size += line.size();
            if (line.isEmpty()) lines.remove();
        }
    }

    private T take(K tenant) {
        Deque<T> line = waiting.remove(tenant);
        if (line == null)
            throw new IllegalStateException("a tenant in the queue must have a request waiting: " + tenant);
        T request = line.removeFirst();
        size--;
        if (!line.isEmpty()) waiting.putLast(tenant, line);
        return request;
    }
}
