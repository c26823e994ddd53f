package io.adaptermill.lora.train;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Code that stops where it needs something and goes on when it has it, on a thread of its own but never at the same
/// time as its driver: either one runs or the other, so they may share what belongs to one thread.
///
/// @param <Q> what it asks for
final class Coroutine<Q> implements AutoCloseable {
    private final Semaphore own = new Semaphore(0);
    private final Semaphore driver = new Semaphore(0);
    private final Thread thread;
    private @Nullable Q question;
    private @Nullable Throwable failure;
    private boolean ended;
    private boolean abandoned;

    /// Begins when it is first resumed.
    Coroutine(String name, Runnable body) {
        thread = Thread.ofPlatform().name(name).daemon().unstarted(() -> run(body));
    }

    /// Thrown inside a coroutine that nobody will resume any more.
    private static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1;

        Abandoned() {
            super("the driver closed the coroutine", null, false, false);
        }
    }

    /// Lets the code run on until it asks or ends; for the driver's thread.
    ///
    /// @return what it asks for; empty once it has ended
    Optional<Q> resume() {
        if (ended) return Optional.empty();
        if (thread.getState() == Thread.State.NEW) thread.start();
        else own.release();
        driver.acquireUninterruptibly();
        return ended ? Optional.empty() : Optional.ofNullable(question);
    }

    /// Stops here until the driver has done what is asked; for the coroutine's own thread.
    void ask(Q wanted) {
        question = wanted;
        driver.release();
        own.acquireUninterruptibly();
        question = null;
        if (abandoned) throw new Abandoned();
    }

    boolean isEnded() {
        return ended;
    }

    /// What the code threw, if it ended so.
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /// Ends the code where it stands, its `finally` blocks included.
    @Override
    public void close() {
        if (ended || thread.getState() == Thread.State.NEW) return;
        abandoned = true;
        while (!ended) resume();
    }

    private void run(Runnable body) {
        try {
            body.run();
        } catch (Abandoned e) {
            // its driver knows
        } catch (Throwable e) {
            failure = e;
        } finally {
            ended = true;
            driver.release();
        }
    }
}
