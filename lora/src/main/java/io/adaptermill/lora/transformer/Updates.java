package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/// The adapters that a pass applies, each to its own tenant's rows: the base's products run over all rows, the thin
/// ones of each adapter over its own, in the very shapes that they have when the tenant is alone.
///
/// @param shares in the order of their rows; none for the bare base
record Updates(List<Share> shares) {
    static final Updates NONE = new Updates(List.of());

    /// One tenant's.
    ///
    /// @param span its rows
    /// @param gradients what the backward adds to; absent where there is none
    record Share(TokenBatch.Span span, AdapterLayers adapter, Optional<AdapterParameters> gradients) {}

    static Updates of(TokenBatch batch, Optional<AdapterLayers> adapter) {
        return adapter.map(
                        layers -> new Updates(List.of(new Share(batch.spans().getFirst(), layers, Optional.empty()))))
                .orElse(NONE);
    }

    static Updates of(TokenBatch batch, AdapterLayers adapter, AdapterParameters gradients) {
        return new Updates(List.of(new Share(batch.spans().getFirst(), adapter, Optional.of(gradients))));
    }

    /// @param batch the tenants' batches, joined
    static Updates of(TokenBatch batch, List<TenantPass> tenants) {
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < tenants.size(); i++) {
            TenantPass tenant = tenants.get(i);
            shares.add(new Share(batch.spans().get(i), tenant.adapter(), Optional.of(tenant.gradients())));
        }
        return new Updates(List.copyOf(shares));
    }

    /// @param batch the tenants' batches, joined
    static Updates ofScores(TokenBatch batch, List<ScorePass> tenants) {
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < tenants.size(); i++) {
            TokenBatch.Span span = batch.spans().get(i);
            tenants.get(i).adapter().ifPresent(layers -> shares.add(new Share(span, layers, Optional.empty())));
        }
        return new Updates(List.copyOf(shares));
    }

    /// Adds every tenant's update of one fused linear to y.
    ///
    /// @param weight the frozen one, whose product is in y already
    /// @return what the backward needs of each
    List<LowRankLinear.Kept> add(
            Kernels kernels, int layer, Fused fused, Tensor weight, Tensor x, Tensor y, Workspace memory) {
        List<LowRankLinear.Kept> kept = new ArrayList<>();
        List<LowRankLinear.Application> applications = new ArrayList<>();
        for (Share share : shares) {
            Optional<FusedLowRank> update = share.adapter().get(layer, fused);
            if (update.isEmpty()) {
                kept.add(LowRankLinear.Kept.NOTHING);
                continue;
            }
            Tensor ownX = rows(x, share.span(), memory);
            Tensor ownY = rows(y, share.span(), memory);
            var application = new LowRankLinear.Application(kernels, weight, update.get(), ownX, ownY, memory);
            applications.add(application);
            kept.add(application.kept());
        }
        run(kernels, applications, LowRankLinear.Application::pieces);
        applications.forEach(LowRankLinear.Application::finish);
        return kept;
    }

    private static <T> void run(Kernels kernels, List<T> parts, Function<T, List<Runnable>> pieces) {
        kernels.rows()
                .all(parts.stream().flatMap(part -> pieces.apply(part).stream()).toList());
    }

    /// Begins the backward of one fused linear.
    ///
    /// @param dy gradient of its output
    Backward backward(
            Kernels kernels, int layer, Fused fused, List<LowRankLinear.Kept> kept, Tensor dy, Workspace memory) {
        List<LowRankLinear.Backward> parts = new ArrayList<>();
        List<Share> owners = new ArrayList<>();
        Tensor dz = scales(layer, fused) ? memory.copy(dy) : dy;
        for (int i = 0; i < shares.size(); i++) {
            Share share = shares.get(i);
            Optional<FusedLowRank> update = share.adapter().get(layer, fused);
            if (update.isEmpty()) continue;
            Tensor own = rows(dy, share.span(), memory);
            Tensor ownZ = dz == dy ? own : rows(dz, share.span(), memory);
            parts.add(new LowRankLinear.Backward(
                    kernels, update.get(), kept.get(i), own, ownZ, share.span().used(), memory));
            owners.add(share);
        }
        run(kernels, parts, LowRankLinear.Backward::begin);
        return new Backward(kernels, dz, owners, parts, memory);
    }

    /// Whether any update scales the rows of what it and the frozen weight make.
    private boolean scales(int layer, Fused fused) {
        return shares.stream()
                .map(share -> share.adapter().get(layer, fused))
                .anyMatch(update -> update.flatMap(FusedLowRank::lengths).isPresent());
    }

    /// One fused linear's backward, tenant by tenant.
    ///
    /// @param dz gradient of the frozen product
    record Backward(
            Kernels kernels, Tensor dz, List<Share> owners, List<LowRankLinear.Backward> parts, Workspace memory) {
        boolean isEmpty() {
            return parts.isEmpty();
        }

        /// @param dx gradient of the linear's input, which has the base's part already
        void addInput(Tensor dx) {
            kernels.rows().all(inputs(dx));
        }

        /// @param x the linear's input
        void addGradient(Tensor x) {
            kernels.rows().all(gradients(x));
            sum();
        }

        /// Both at once.
        void add(Tensor dx, Tensor x) {
            List<Runnable> pieces = new ArrayList<>(inputs(dx));
            pieces.addAll(gradients(x));
            kernels.rows().all(pieces);
            sum();
        }

        private List<Runnable> inputs(Tensor dx) {
            return each((part, owner) -> part.input(rows(dx, owner.span(), memory)));
        }

        private List<Runnable> gradients(Tensor x) {
            return each((part, owner) -> part.gradient(rows(x, owner.span(), memory)));
        }

        private void sum() {
            kernels.rows()
                    .all(each((part, owner) -> part.add(owner.gradients()
                            .orElseThrow(
                                    () -> new IllegalStateException("a backward needs a place for its gradients")))));
        }

        private List<Runnable> each(BiFunction<LowRankLinear.Backward, Share, List<Runnable>> pieces) {
            List<Runnable> all = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) all.addAll(pieces.apply(parts.get(i), owners.get(i)));
            return all;
        }
    }

    private static Tensor rows(Tensor tensor, TokenBatch.Span span, Workspace memory) {
        if (span.rows() == tensor.rows()) return tensor;
        long width = tensor.columns();
        return memory.view(tensor, span.first() * width, span.rows(), width);
    }
}
