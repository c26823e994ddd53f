package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.QuarantineDesk;
import io.adaptermill.cli.promises.Entry;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which quarantined events a command is about.
final class QuarantineOptions {
    private static final long SECONDS_MAX = 20;

    @Parameters(index = "0", paramLabel = "TENANT", description = "Whose feedback.")
    private @Nullable String tenant;

    @Option(names = "--subject", paramLabel = "SUBJECT", description = "Only what this person said.")
    private @Nullable String subject;

    @Option(
            names = "--for",
            paramLabel = "WORD",
            description =
                    "Only for this reason: subject-share, subject-burst, tenant-burst, near-duplicate, disguised.")
    private @Nullable String word;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers (default: the local stack's).")
    private @Nullable String kafka;

    TenantId tenant() {
        return Words.tenant(tenant);
    }

    QuarantineDesk desk(Session session) {
        String servers = session.kafka(Optional.ofNullable(kafka));
        return QuarantineDesk.open(servers, SECONDS_MAX)
                .orElseThrow(() -> new CommandFailure(
                        Exit.UNREACHABLE, "Kafka at " + servers + " could not be read.", "./adaptermill status"));
    }

    boolean isNarrowed() {
        return subject != null || word != null;
    }

    List<FeedbackQuarantined> chosen(QuarantineDesk desk) {
        Optional<SubjectId> who = Optional.ofNullable(subject).map(Words::subject);
        return desk.waiting(tenant()).stream()
                .map(Entry::event)
                .filter(event -> who.isEmpty() || event.subject().equals(who))
                .filter(event -> word == null || event.reason().word().equals(word))
                .toList();
    }
}
