package io.adaptermill.ingest.batch;

import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.policy.BatchPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Decides when a tenant's waiting examples become a batch, and which of them.
///
/// One batch is in flight per tenant, since the next one builds on what became of it. A decision that does not come
/// within the policy's `decisionWaitMax` is waited for no longer. What an erasure wants learned once more comes first.
public final class BatchPlanner {
    /// 63 bits of the hash: a seed is never negative.
    private static final int SEED_HEX_DIGITS = 16;

    private BatchPlanner() {}

    public static BatchDecision decide(TenantBuffer buffer, BatchPolicy policy, Instant now) {
        if (buffer.relearning().isPresent()) return new BatchDecision.KeepOpen();
        if (buffer.waiting() == 0 || awaitsDecision(buffer, policy, now)) return new BatchDecision.KeepOpen();
        if (buffer.waiting() >= policy.examplesMax()) return new BatchDecision.Close(CloseReason.COUNT);
        if (buffer.tokens() >= policy.tokensMax()) return new BatchDecision.Close(CloseReason.TOKENS);
        boolean isOld = buffer.oldest()
                .map(since -> !now.isBefore(since.plus(policy.ageMax())))
                .orElse(false);
        return isOld ? new BatchDecision.Close(CloseReason.AGE) : new BatchDecision.KeepOpen();
    }

    private static boolean awaitsDecision(TenantBuffer buffer, BatchPolicy policy, Instant now) {
        return buffer.inFlight()
                .map(flight -> now.isBefore(flight.since().plus(policy.decisionWaitMax())))
                .orElse(false);
    }

    /// The oldest items, up to the first limit they reach: what came while a batch was in flight may be far more.
    public static List<WaitingItem> take(Iterator<WaitingItem> oldestFirst, BatchPolicy policy) {
        List<WaitingItem> taken = new ArrayList<>();
        long tokens = 0;
        while (taken.size() < policy.examplesMax() && tokens < policy.tokensMax() && oldestFirst.hasNext()) {
            WaitingItem item = oldestFirst.next();
            taken.add(item);
            tokens += item.tokens();
        }
        return List.copyOf(taken);
    }

    /// Which limit ended the batch, which may not be the one that called for it: many examples may wait, yet the first
    /// few of them be long.
    public static CloseReason reason(List<WaitingItem> taken, BatchPolicy policy, CloseReason calledFor) {
        if (taken.size() >= policy.examplesMax()) return CloseReason.COUNT;
        long tokens = taken.stream().mapToLong(WaitingItem::tokens).sum();
        return tokens >= policy.tokensMax() ? CloseReason.TOKENS : calledFor;
    }

    /// When time alone may change the decision, after it was to keep open; absent if only an event can.
    public static Optional<Instant> lookAgainAt(TenantBuffer buffer, BatchPolicy policy, Instant now) {
        if (buffer.waiting() == 0 || buffer.relearning().isPresent()) return Optional.empty();
        return awaitsDecision(buffer, policy, now)
                ? buffer.inFlight().map(flight -> flight.since().plus(policy.decisionWaitMax()))
                : buffer.oldest().map(since -> since.plus(policy.ageMax()));
    }

    /// The seed of a batch's training follows from its name: the same batch is always trained the same way.
    public static long seed(BatchId batch) {
        String hex =
                Digest.of(batch.toString().getBytes(StandardCharsets.UTF_8)).hex();
        return Long.parseUnsignedLong(hex.substring(0, SEED_HEX_DIGITS), 16) & Long.MAX_VALUE;
    }
}
