package io.adaptermill.promoter.request;

import io.adaptermill.promoter.live.Trial;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionAnswered.Mode;
import io.adaptermill.schemas.id.VersionId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How much happens by itself for a tenant, and which candidates wait for a person.
///
/// @param waiting all compared with what serves now; whoever serves next makes their evidence stale
/// @param trial of the one of them that answers some conversations already
public record TenantControl(Mode mode, List<WaitingCandidate> waiting, Optional<Trial> trial) {
    public static final TenantControl NEW = new TenantControl(Mode.RUNNING, List.of(), Optional.empty());

    public TenantControl {
        waiting = List.copyOf(waiting);
    }

    public boolean promotesByItself() {
        return mode == Mode.RUNNING;
    }

    public boolean rollsBackByItself() {
        return mode != Mode.PINNED;
    }

    public TenantControl with(Mode other) {
        return new TenantControl(other, waiting, trial);
    }

    public TenantControl awaiting(WaitingCandidate candidate) {
        return new TenantControl(
                mode, Stream.concat(waiting.stream(), Stream.of(candidate)).toList(), trial);
    }

    public TenantControl trying(Trial newer) {
        return new TenantControl(mode, waiting, Optional.of(newer));
    }

    public boolean tries(AdapterRef candidate) {
        return trial.filter(each -> each.candidate().equals(candidate)).isPresent();
    }

    public TenantControl withoutTrial() {
        return new TenantControl(mode, waiting, Optional.empty());
    }

    public TenantControl without(AdapterRef candidate) {
        return new TenantControl(
                mode,
                waiting.stream()
                        .filter(each -> !each.adapter().equals(candidate))
                        .toList(),
                trial);
    }

    /// Those that wait and must not serve.
    public List<WaitingCandidate> waitingAmong(Collection<VersionId> versions) {
        return waiting.stream()
                .filter(each -> versions.contains(each.adapter().version()))
                .toList();
    }

    /// Once something else serves.
    public TenantControl afterMove() {
        return new TenantControl(mode, List.of(), Optional.empty());
    }

    Optional<WaitingCandidate> find(VersionId version) {
        return waiting.stream()
                .filter(candidate -> candidate.adapter().version().equals(version))
                .findFirst();
    }
}
