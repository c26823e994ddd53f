package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.Journey;
import io.adaptermill.cli.client.Keys;
import io.adaptermill.cli.stack.StackState;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.schemas.id.TenantId;
import java.nio.file.Path;
import java.util.Optional;

/// What all commands share: the project's folder, the terminal, and how to find the running stack.
public record Session(Path root, Terminal terminal) {
    /// @throws CommandFailure if no stack runs here
    StackState stack() {
        return StackState.read(root)
                .filter(StackState::running)
                .orElseThrow(() -> new CommandFailure(
                        Exit.UNREACHABLE,
                        "No local stack runs here.",
                        "./adaptermill up   or say where a server is with --server or --kafka"));
    }

    Optional<StackState> stackIfAny() {
        return StackState.read(root).filter(StackState::running);
    }

    String kafka(Optional<String> given) {
        return given.orElseGet(() -> stack().kafka());
    }

    /// All topics read to their end.
    Journey journey(String kafka) {
        Journey journey = Journey.follow(kafka, entry -> {});
        if (journey.awaitCaughtUp(20)) return journey;
        journey.close();
        throw new CommandFailure(
                Exit.UNREACHABLE,
                "The topics on Kafka at " + kafka + " could not be read within 20 s.",
                "./adaptermill status   or check --kafka");
    }

    Keys keys() {
        return new Keys(root.resolve(".adaptermill").resolve("keys.json"));
    }

    /// @throws CommandFailure if no key is known
    String apiKey(Optional<String> given, TenantId tenant) {
        return given.or(() -> Optional.ofNullable(System.getenv("ADAPTERMILL_API_KEY")))
                .or(() -> keys().of(tenant))
                .orElseThrow(() -> new CommandFailure(
                        Exit.NOT_FOUND,
                        "No API key of tenant " + tenant + " is known here.",
                        "./adaptermill tenants apply " + tenant + "   or give one with --key or ADAPTERMILL_API_KEY"));
    }
}
