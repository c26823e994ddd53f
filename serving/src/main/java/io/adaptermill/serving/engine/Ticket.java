package io.adaptermill.serving.engine;

import io.adaptermill.lora.generate.GenerationRequest;
import io.adaptermill.lora.generate.GenerationResult;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// One request on its way through the decode loop: what is asked, the weights it runs on, and the answer as
/// it comes.
///
/// The caller reads [#next] until [Piece.Done] or [Piece.Failed]. The weights are given back by the loop's
/// hand, never by the caller's: a caller that has gone away must not pull them from under a running step.
public final class Ticket {
    private final String owner;
    private final GenerationRequest request;
    private final Optional<Engine.Weights> weights;
    private final Runnable giveBack;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private volatile boolean cancelled;

    /// @param owner whose share of the queue it uses
    /// @param giveBack runs once, when the engine will not touch the weights any more
    public Ticket(String owner, GenerationRequest request, Optional<Engine.Weights> weights, Runnable giveBack) {
        this.owner = owner;
        this.request = request;
        this.weights = weights;
        this.giveBack = giveBack;
    }

    /// What the caller gets, in order.
    public sealed interface Piece {
        record Text(String text) implements Piece {}

        record Done(GenerationResult result) implements Piece {}

        record Failed(RuntimeException cause) implements Piece {}
    }

    /// Waits for the next piece; bounded by the answer's token limit, so no more than that many are ever kept.
    public Piece next() throws InterruptedException {
        return pieces.take();
    }

    /// The caller has gone away: the answer ends at the next token.
    public void cancel() {
        cancelled = true;
    }

    Optional<Engine.Weights> weights() {
        return weights;
    }

    String owner() {
        return owner;
    }

    GenerationRequest request() {
        return request;
    }

    boolean isCancelled() {
        return cancelled;
    }

    void text(String text) {
        pieces.add(new Piece.Text(text));
    }

    void done(GenerationResult result) {
        giveBack.run();
        pieces.add(new Piece.Done(result));
    }

    void failed(RuntimeException cause) {
        giveBack.run();
        pieces.add(new Piece.Failed(cause));
    }
}
