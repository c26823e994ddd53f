package io.adaptermill.cli.promises;

import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.id.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What may serve: only what an evaluation approved, one after the other, and nothing else.
final class PromotionPromises {
    private PromotionPromises() {}

    static Promise everyPromotionWasApproved(Evidence evidence) {
        List<Entry<PromotionDecided>> promotions = promotions(evidence);
        List<String> violations = promotions.stream()
                .filter(promotion -> evidence.evaluated().stream().noneMatch(e -> approves(e, promotion)))
                .map(promotion -> promotion.event().version() + " ("
                        + promotion.event().artifact() + ") was promoted without an earlier approval of this artifact")
                .toList();
        return new Promise(
                "approved-before-promoted",
                "each promotion follows an approving evaluation of the same artifact",
                promotions.size(),
                violations);
    }

    private static boolean approves(Entry<AdapterEvaluated> evaluation, Entry<PromotionDecided> promotion) {
        return evaluation.event().verdict() == Verdict.APPROVED
                && evaluation.event().ref().equals(promotion.event().ref())
                && !evaluation.time().isAfter(promotion.time());
    }

    static Promise theChainOfChampionsIsUnbroken(Evidence evidence) {
        Map<TenantId, AdapterRef> champions = new HashMap<>();
        List<String> violations = new ArrayList<>();
        for (Entry<PromotionDecided> entry : evidence.decided()) {
            PromotionDecided decision = entry.event();
            Optional<AdapterRef> champion = Optional.ofNullable(champions.get(entry.tenant()));
            if (!decision.championBefore().equals(champion)) {
                violations.add(decision.version() + " was decided against " + named(decision.championBefore())
                        + " while " + named(champion) + " served");
            }
            if (decision.moves()) {
                champions.remove(entry.tenant());
                decision.championAfter().ifPresent(ref -> champions.put(entry.tenant(), ref));
            }
        }
        return new Promise(
                "unbroken-chain",
                "each decision names the champion that the decision before it left",
                evidence.decided().size(),
                violations);
    }

    static Promise servingFollowsThePromotions(Evidence evidence) {
        Map<TenantId, List<AdapterRef>> promoted = new LinkedHashMap<>();
        // A roll-back to the base model is a removal, which leaves no pointer behind.
        evidence.decided().stream()
                .filter(e -> e.event().moves())
                .forEach(e -> e.event()
                        .championAfter()
                        .ifPresent(ref -> promoted.computeIfAbsent(e.tenant(), unused -> new ArrayList<>())
                                .add(ref)));
        Map<TenantId, List<AdapterRef>> pointed = new LinkedHashMap<>();
        evidence.serving()
                .forEach(e -> pointed.computeIfAbsent(e.tenant(), unused -> new ArrayList<>())
                        .add(e.event().champion()));
        Set<String> tenants = new TreeSet<>();
        promoted.keySet().forEach(tenant -> tenants.add(tenant.value()));
        pointed.keySet().forEach(tenant -> tenants.add(tenant.value()));
        List<String> violations = tenants.stream()
                .map(TenantId::new)
                .filter(tenant -> !isTailOf(pointed.get(tenant), promoted.get(tenant)))
                .map(tenant -> tenant + ": serving.adapters says " + pointed.get(tenant) + ", the promotions say "
                        + promoted.get(tenant))
                .toList();
        return new Promise(
                "serving-follows-promotions",
                "serving.adapters is what the promotions add up to",
                tenants.size(),
                violations);
    }

    /// Compaction may have removed the older pointers, never the newest.
    private static boolean isTailOf(@Nullable List<AdapterRef> pointed, @Nullable List<AdapterRef> promoted) {
        if (pointed == null || promoted == null || pointed.size() > promoted.size()) return false;
        return promoted.subList(promoted.size() - pointed.size(), promoted.size())
                .equals(pointed);
    }

    private static List<Entry<PromotionDecided>> promotions(Evidence evidence) {
        return evidence.decided().stream()
                .filter(e -> e.event().outcome() == PromotionOutcome.PROMOTED)
                .toList();
    }

    private static String named(Optional<AdapterRef> champion) {
        return champion.map(ref -> ref.version().toString()).orElse("the base model");
    }
}
