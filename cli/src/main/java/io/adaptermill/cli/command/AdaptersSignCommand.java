package io.adaptermill.cli.command;

import io.adaptermill.artifacts.ArtifactMissing;
import io.adaptermill.artifacts.signing.SigningKey;
import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.artifacts.store.SignedStore;
import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.schemas.id.Digest;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `adapters sign`: for what was stored before trainers had a key, or by another key.
@Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        description = {
            "Sign a stored adapter (OpenSSF model signing). Trainers with ADAPTERMILL_SIGN_KEY sign what they make;",
            "this is for what was stored before. Serving with ADAPTERMILL_VERIFY_KEY serves what is signed alone."
        },
        footer = {
            "",
            "Examples:",
            "  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem",
            "  openssl pkey -in key.pem -pubout -out key.pem.pub",
            "  ./adaptermill adapters sign acme@7 --sign-key key.pem"
        })
final class AdaptersSignCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "ADAPTER", description = "A version or a digest.")
    private String name = "";

    @Option(
            names = "--sign-key",
            required = true,
            paramLabel = "KEY.pem",
            description = "A P-256 private key, its public half beside it as KEY.pem.pub.")
    private Path key = Path.of("");

    @Mixin
    private AdapterOptions options = new AdapterOptions();

    AdaptersSignCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try {
            FileArtifactStore store = new FileArtifactStore(options.store(session));
            Digest digest = options.digest(session, name);
            store.get(digest);
            SignedStore.sign(store, digest, SigningKey.read(key));
            session.terminal().line(store.signatureFile(digest).toString());
            return Exit.DONE;
        } catch (ArtifactMissing e) {
            throw new CommandFailure(
                    Exit.NOT_FOUND,
                    name + " is not in the store: " + e.getMessage() + ".",
                    "say which with --store",
                    e);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new CommandFailure(
                    Exit.FAILED,
                    name + " is not signed: " + e.getMessage() + ".",
                    "./adaptermill adapters sign --help",
                    e);
        }
    }
}
