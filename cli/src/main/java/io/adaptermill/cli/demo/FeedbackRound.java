package io.adaptermill.cli.demo;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.IngestClient;
import io.adaptermill.cli.client.IngestClient.Result;
import io.adaptermill.cli.client.IngestClient.Sending;
import io.adaptermill.cli.promises.Acknowledged;
import io.adaptermill.cli.terminal.Bar;
import io.adaptermill.cli.terminal.LiveLine;
import io.adaptermill.cli.terminal.Terminal;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/// Streams the tenants' feedback over HTTP in small requests, with a bar.
final class FeedbackRound {
    private static final int BAR = 20;
    private static final int EVENTS_A_REQUEST = 8;
    private final URI ingest;
    private final LiveLine line;

    FeedbackRound(URI ingest, Terminal terminal) {
        this.ingest = ingest;
        this.line = new LiveLine(terminal);
    }

    void send(List<DemoTenant> tenants, int total, List<Acknowledged> acknowledged) {
        for (DemoTenant tenant : tenants) {
            send(
                    tenant,
                    tenant.feedback(),
                    acknowledged,
                    () -> line.update(label(acknowledged.size(), total, tenants)));
        }
        line.finish(label(acknowledged.size(), total, tenants));
    }

    /// @param progress called after each request
    void send(DemoTenant tenant, List<Sending> all, List<Acknowledged> acknowledged, Runnable progress) {
        try (IngestClient client = new IngestClient(ingest, tenant.apiKey())) {
            for (int from = 0; from < all.size(); from += EVENTS_A_REQUEST) {
                List<Sending> some = all.subList(from, Math.min(all.size(), from + EVENTS_A_REQUEST));
                client.send(some).forEach(result -> accept(tenant, result, acknowledged));
                progress.run();
            }
        }
    }

    private static void accept(DemoTenant tenant, Result result, List<Acknowledged> acknowledged) {
        result.refusal().ifPresent(reason -> {
            throw new CommandFailure(
                    Exit.FAILED,
                    "Ingest refused " + tenant.tenant() + " " + result.id() + ": " + reason,
                    "read ingest's log");
        });
        acknowledged.add(new Acknowledged(tenant.tenant(), result.id()));
    }

    private static String label(int done, int total, List<DemoTenant> tenants) {
        String names = tenants.stream()
                .map(tenant -> tenant.tenant() + " " + tenant.feedback().size())
                .collect(Collectors.joining(", "));
        return Teller.label(3, "Feedback") + Bar.of(done, total, BAR) + " " + done + "/" + total + "   " + names;
    }
}
