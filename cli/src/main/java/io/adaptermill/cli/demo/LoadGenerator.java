package io.adaptermill.cli.demo;

import io.adaptermill.cli.client.ServingClient;
import io.adaptermill.cli.client.ServingClient.Question;
import io.adaptermill.schemas.feedback.Message;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Clients that ask serving all the time, each waiting for its answer and then a little.
final class LoadGenerator implements AutoCloseable {
    private static final int TOKENS_MAX = 8;
    private static final Duration THINKING = Duration.ofMillis(400);
    private final ServingClient client;
    private final ClientLog log;
    private final List<DemoTenant> tenants;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicInteger turn = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();

    LoadGenerator(URI serving, ClientLog log, List<DemoTenant> tenants) {
        this.client = new ServingClient(serving);
        this.log = log;
        this.tenants = tenants;
    }

    void start(int clients) {
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofPlatform().name("client-" + (i + 1)).daemon().start(this::run));
        }
    }

    private void run() {
        try {
            do {
                log.add(client.ask(next()).answer());
            } while (!stopping.await(THINKING.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Question next() {
        DemoTenant tenant = tenants.get(turn.getAndIncrement() % tenants.size());
        String text = tenant.questions().getFirst();
        return new Question(
                tenant.tenant(),
                tenant.tenant().value(),
                tenant.apiKey(),
                List.of(new Message(Message.Role.USER, text)),
                TOKENS_MAX);
    }

    /// Lets every client finish its last request.
    @Override
    public void close() {
        stopping.countDown();
        try {
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
