package io.adaptermill.cli.command;

import io.adaptermill.artifacts.signing.Dsse;
import io.adaptermill.artifacts.signing.SigningKey;
import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.Erasure;
import io.adaptermill.cli.erasure.ErasureReceipt;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.id.VersionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `erase`: makes everything that a person said unreadable, and proves it.
@Command(
        name = "erase",
        mixinStandardHelpOptions = true,
        description = {
            "Forget a person: drop what waits, destroy the key that their texts lie under, prove that nothing opens.",
            "Needs a deployment that seals: services and this command with ADAPTERMILL_SEAL_KEY set to the same file.",
            "If what serves learned from them, the last version that did not serves at once, and the batches since are",
            "learned again without them, to the bytes of an adapter that never saw them: trained, gated, promoted."
        },
        footer = {
            "",
            "Examples:",
            "  ./adaptermill lineage --subject user-17 --tenant acme",
            "  ./adaptermill erase acme --subject user-17 --by support --reason \"request 2026-114\"",
            "  ./adaptermill erase acme --subject user-17 --by support --reason x --wait 600 --receipt r.json"
                    + " --sign-key key.pem"
        })
final class EraseCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "TENANT", description = "Whose person it is.")
    private @Nullable String tenant;

    @Option(names = "--subject", required = true, paramLabel = "SUBJECT", description = "As the product names them.")
    private String subject = "";

    @Option(names = "--by", required = true, paramLabel = "NAME", description = "Who took the request.")
    private String by = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Such as the request's number.")
    private String reason = "";

    @Option(
            names = "--receipt",
            paramLabel = "FILE",
            description = "Write the receipt as a signed DSSE envelope; with --sign-key.")
    private @Nullable Path receiptFile;

    @Option(
            names = "--sign-key",
            paramLabel = "KEY.pem",
            description =
                    "An Ed25519 key (openssl genpkey -algorithm ed25519), its public half beside it as KEY.pem.pub"
                            + " (openssl pkey -in KEY.pem -pubout -out KEY.pem.pub).")
    private @Nullable Path signKey;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (default table).")
    private Output output = Output.TABLE;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "For each part of it (default 60).")
    private int timeoutSeconds = 60;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "Wait so long for what is learned again, so that the receipt names it (default 0).")
    private int waitSeconds;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers (default: the local stack's).")
    private @Nullable String kafka;

    EraseCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (by.isBlank() || reason.isBlank()) {
            throw new CommandFailure(Exit.USAGE, "Say who took the request and why.", "./adaptermill erase --help");
        }
        Optional<SigningKey> key = signingKey();
        ErasureReceipt receipt = new Erasure(
                        session.kafka(Optional.ofNullable(kafka)),
                        Duration.ofSeconds(timeoutSeconds),
                        Duration.ofSeconds(waitSeconds))
                .erase(Words.tenant(tenant), Words.subject(subject), by, reason);
        key.ifPresent(signing -> write(receipt, signing));
        switch (output) {
            case TABLE -> print(session.terminal(), receipt);
            case JSON -> session.terminal().line(Output.pretty(receipt));
        }
        return Exit.DONE;
    }

    /// Before anything is done: an erasure cannot be repeated for want of a key.
    private Optional<SigningKey> signingKey() {
        if ((receiptFile == null) != (signKey == null)) {
            throw new CommandFailure(Exit.USAGE, "--receipt and --sign-key go together.", "./adaptermill erase --help");
        }
        if (signKey == null) return Optional.empty();
        try {
            return Optional.of(SigningKey.read(signKey, Path.of(signKey + ".pub")));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new CommandFailure(Exit.USAGE, e.getMessage() + ".", "./adaptermill erase --help", e);
        }
    }

    private void write(ErasureReceipt receipt, SigningKey key) {
        Path file = Objects.requireNonNull(receiptFile);
        try {
            Files.write(file, EventJson.write(Dsse.of(ErasureReceipt.TYPE, EventJson.write(receipt), key)));
        } catch (IOException e) {
            session.terminal().line(Output.pretty(receipt));
            throw new CommandFailure(
                    Exit.FAILED,
                    "The person is erased, and the receipt above could not be written to " + file + ".",
                    "keep what was printed",
                    e);
        }
    }

    private static void print(Terminal terminal, ErasureReceipt receipt) {
        terminal.line(terminal.good("erased") + "     " + receipt.subject() + " of " + receipt.tenant());
        terminal.line("  texts     " + receipt.textsBefore() + " could be read before, " + receipt.textsAfter()
                + " can be now; keys destroyed: " + receipt.keysDestroyed());
        terminal.line("  versions  "
                + (receipt.versions().isEmpty()
                        ? "none learned from them"
                        : receipt.versions().stream().map(VersionId::toString).collect(Collectors.joining(", "))
                                + " learned from them"));
        terminal.line("  serving   " + name(receipt.servesNow())
                + (receipt.servesNow().equals(receipt.servedBefore())
                        ? ""
                        : ", in the place of " + name(receipt.servedBefore())));
        terminal.line("  clean     after " + receipt.cleanAfter().toMillis() + " ms");
        if (!receipt.again().isEmpty()) terminal.line("  again     " + again(receipt));
        terminal.line("  took      " + receipt.took().toMillis() + " ms");
    }

    private static String again(ErasureReceipt receipt) {
        return receipt.again().size() + " batches without them"
                + receipt.relearned()
                        .map(ref -> ", which gave " + ref.version() + " ("
                                + receipt.outcome()
                                        .map(PromotionOutcome::toString)
                                        .orElse("not decided")
                                        .toLowerCase(Locale.ROOT)
                                + ")")
                        .orElse(", from here on: ./adaptermill promotions ls");
    }

    private static String name(Optional<VersionId> version) {
        return version.map(VersionId::toString).orElse("the base model");
    }
}
