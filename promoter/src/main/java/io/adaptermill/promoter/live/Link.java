package io.adaptermill.promoter.live;

import io.adaptermill.gates.live.Ratings;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.Digest;
import java.util.Optional;

/// One version that serves or served, with how people rated it.
///
/// @param adapter absent for the bare base model
/// @param base fingerprint of the base model it belongs to; absent for the bare base model
/// @param alpha chance of ever taking it back though it is no worse than the one before it
public record Link(Optional<AdapterRef> adapter, Optional<Digest> base, double alpha, Ratings ratings) {
    Link after(boolean good) {
        return new Link(adapter, base, alpha, ratings.after(good));
    }

    public String named() {
        return adapter.map(ref -> ref.version().toString()).orElse("the base model");
    }

    String rated() {
        return ratings.inWords();
    }
}
