package io.adaptermill.cli.command;

import io.adaptermill.artifacts.ArtifactMissing;
import io.adaptermill.artifacts.signing.ModelSignature;
import io.adaptermill.artifacts.signing.VerifyingKey;
import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.artifacts.store.ModelFolder;
import io.adaptermill.artifacts.store.SignedStore;
import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.schemas.id.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `verify`: checks every byte of an adapter, and who signed it.
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Check an adapter's signature (OpenSSF model signing) and every byte of it. Needs no server for a digest or a",
            "folder. The reference tool does the same: model_signing verify key FOLDER --signature FILE --public_key KEY."
        },
        footer = {
            "",
            "Examples:",
            "  ./adaptermill verify acme@7 --key key.pem.pub",
            "  ./adaptermill verify sha256:… --key key.pem.pub --store store",
            "  ./adaptermill verify my-model --signature model.sig --key key.pem.pub"
        })
final class VerifyCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "ADAPTER", description = "A version, a digest, or a folder.")
    private String name = "";

    @Option(names = "--key", required = true, paramLabel = "PUBLIC.pem", description = "Of whoever must have signed.")
    private Path key = Path.of("");

    @Option(
            names = "--signature",
            paramLabel = "FILE",
            description = "Of a folder (default: model.sig in it). A stored adapter's lies in the store.")
    private @Nullable Path signature;

    @Mixin
    private AdapterOptions options = new AdapterOptions();

    VerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try {
            VerifyingKey trusted = VerifyingKey.read(key);
            if (Files.isDirectory(Path.of(name))) folder(Path.of(name), trusted);
            else stored(options.digest(session, name), trusted);
            session.terminal().line(session.terminal().good("verified") + "  " + name + ", signed by " + trusted.id());
            return Exit.DONE;
        } catch (ArtifactMissing e) {
            throw new CommandFailure(
                    Exit.NOT_FOUND,
                    name + " is not in the store: " + e.getMessage() + ".",
                    "say which with --store",
                    e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    Exit.FAILED, name + " is not verified: " + e.getMessage() + ".", "do not serve it", e);
        } catch (IOException | UncheckedIOException e) {
            throw new CommandFailure(Exit.NOT_FOUND, e.getMessage() + " cannot be read.", "check the paths", e);
        }
    }

    private void folder(Path folder, VerifyingKey trusted) throws IOException {
        Path file = signature == null ? folder.resolve("model.sig") : signature;
        ModelSignature.verify(Files.readAllBytes(file), ModelFolder.files(folder, file), trusted);
    }

    private void stored(Digest digest, VerifyingKey trusted) {
        FileArtifactStore store = new FileArtifactStore(options.store(session));
        store.get(digest);
        SignedStore.verify(store, digest, trusted);
    }
}
