package io.adaptermill.cli.command;

import io.adaptermill.artifacts.signing.Dsse;
import io.adaptermill.artifacts.signing.VerifyingKey;
import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.erasure.ErasureReceipt;
import io.adaptermill.schemas.EventJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `receipt`: checks the signature of an erasure's receipt, without any server.
@Command(
        name = "receipt",
        mixinStandardHelpOptions = true,
        description = "Check the signature of an erasure's receipt and print what it says. Needs no server.",
        footer = {
            "",
            "Examples:",
            "  ./adaptermill receipt receipt.json --key public.pem",
        })
final class ReceiptCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "FILE", description = "As `erase --receipt` wrote it.")
    private @Nullable Path file;

    @Option(names = "--key", required = true, paramLabel = "PUBLIC.pem", description = "Of whoever shall have signed.")
    private Path key = Path.of("");

    ReceiptCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try {
            Dsse envelope = EventJson.read(Files.readAllBytes(file == null ? Path.of("") : file), Dsse.class);
            byte[] receipt = envelope.verified(ErasureReceipt.TYPE, VerifyingKey.read(key));
            session.terminal()
                    .line(session.terminal()
                            .good("signed by " + VerifyingKey.read(key).id()));
            session.terminal().line(new String(receipt, StandardCharsets.UTF_8));
            return Exit.DONE;
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    Exit.FAILED,
                    file + " is not a receipt that this key signed: " + e.getMessage() + ".",
                    "do not rely on it; ask for the receipt and the public key again",
                    e);
        } catch (IOException | UncheckedIOException e) {
            throw new CommandFailure(
                    Exit.NOT_FOUND, "No signed receipt can be read from " + file + ".", "check the paths", e);
        }
    }
}
