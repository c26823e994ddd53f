package io.adaptermill.artifacts;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// How a mixture chooses among its experts, token by token. The ranks of a module are those of its experts, one
/// expert after the other; a router scores the experts by the module's input, and of the best few each counts with
/// its softmax among them: `Δ(x) = s Σ_{e in the best k} softmax(R x)_e · B_e A_e x`.
///
/// @param topK experts that a token uses
/// @param routers R by module path, `[experts, in]`, of as many experts everywhere
public record Routing(int topK, SortedMap<String, FloatTensor> routers) {
    /// Most experts of a module.
    public static final int EXPERTS_MAX = 64;

    public Routing {
        routers = Collections.unmodifiableSortedMap(new TreeMap<>(routers));
        if (routers.isEmpty()) throw new IllegalArgumentException("a mixture must have routers, was without");
        int experts = routers.firstEntry().getValue().rows();
        if (experts > EXPERTS_MAX || topK < 1 || topK > experts) {
            throw new IllegalArgumentException(
                    "topK and experts must be in [1, %d], topK no more than experts, were %d and %d"
                            .formatted(EXPERTS_MAX, topK, experts));
        }
        routers.forEach((path, router) -> {
            if (router.rows() == experts) return;
            throw new IllegalArgumentException(
                    "every router must choose among " + experts + " experts, that of " + path + " has " + router);
        });
    }

    /// Of every module.
    public int experts() {
        return routers.firstEntry().getValue().rows();
    }

    boolean isFinite() {
        return routers.values().stream().allMatch(FloatTensor::isFinite);
    }

    /// @throws IllegalArgumentException if the modules are others, or their ranks cannot be shared out to the experts
    void requireFits(SortedMap<String, LowRank> modules) {
        if (!modules.keySet().equals(routers.keySet())) {
            throw new IllegalArgumentException("a mixture must have a router for every module");
        }
        routers.forEach((path, router) -> {
            LowRank module = modules.get(path);
            if (module == null || module.in() != router.columns() || module.rank() % router.rows() != 0) {
                throw new IllegalArgumentException("the router of " + path + " must read the module's input, and its"
                        + " experts must have equal ranks, was " + router);
            }
        });
    }
}
