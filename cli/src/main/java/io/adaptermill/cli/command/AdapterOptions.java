package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.adapters.NamedAdapter;
import io.adaptermill.cli.client.Journey;
import io.adaptermill.cli.client.Version;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the adapters lie that a command is about.
final class AdapterOptions {
    @Option(names = "--store", paramLabel = "FOLDER", description = "Artifact store (default: the local stack's).")
    private @Nullable Path store;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers, to find versions (default: the local stack's).")
    private @Nullable String kafka;

    NamedAdapter adapter(Session session, String name) {
        return NamedAdapter.of(name, () -> store(session), version -> artifact(session, version));
    }

    /// @param name a version or a digest
    /// @throws CommandFailure if it is neither, or there is no such version
    Digest digest(Session session, String name) {
        if (name.startsWith("sha256:")) return new Digest(name);
        return artifact(session, Words.version(name))
                .orElseThrow(() -> new CommandFailure(
                        Exit.NOT_FOUND, "There is no version " + name + ".", "./adaptermill adapters ls"));
    }

    /// @throws CommandFailure if there is no store
    Path store(Session session) {
        Path folder = store == null ? session.stack().folder().resolve("store") : store;
        if (Files.isDirectory(folder)) return folder;
        throw new CommandFailure(
                Exit.NOT_FOUND, "There is no artifact store at " + folder + ".", "say where it is with --store");
    }

    private Optional<Digest> artifact(Session session, VersionId wanted) {
        try (Journey journey = session.journey(session.kafka(Optional.ofNullable(kafka)))) {
            return Version.all(journey).stream()
                    .filter(version -> version.version().equals(wanted))
                    .map(version -> version.trained().artifact())
                    .findFirst();
        }
    }
}
