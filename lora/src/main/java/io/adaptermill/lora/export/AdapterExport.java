package io.adaptermill.lora.export;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.ArtifactFiles;
import io.adaptermill.artifacts.exchange.PeftFolder;
import io.adaptermill.artifacts.exchange.UniformRank;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.id.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Writes an adapter for other people's servers and proves that what was written answers as the original
/// does.
public final class AdapterExport {
    /// The certificate's file, beside the exported ones.
    public static final String CERTIFICATE = "certificate.json";

    private static final String GGUF = "adapter.gguf";

    /// What the probes speak about: plain talk, markup, code and numbers, other scripts.
    private static final List<String> PROBES = List.of(
            "How do I get my money back for a lamp that came broken?",
            "<p>Dear customer,</p>\n<ul><li>order 4711</li><li>arrives on Monday</li></ul>",
            "for (int i = 0; i < 10; i++) { total += price[i] * 1.19; }",
            "Guten Tag, où est la gare? 駅はどこですか。Спасибо!",
            "Yes.");

    private final BaseModel base;

    /// @param base opened in float32: the certificate is about the adapter, not about rounding
    public AdapterExport(BaseModel base) {
        this.base = base;
    }

    /// A PEFT folder of one rank and one scale, which vLLM, SGLang and LoRAX load; read again, compared,
    /// certified.
    ///
    /// @param original digest that the certificate names
    /// @param rankMin some servers take few ranks only, such as multiples of 8
    /// @throws UncheckedIOException if a file exists already or cannot be written
    public LogitCertificate forServing(Adapter adapter, Digest original, int rankMin, Path folder) {
        PeftFolder.write(normalised(adapter, rankMin), base.fingerprint(), folder);
        return certify(adapter, original, folder);
    }

    /// A GGUF file that llama.cpp loads with `--lora`.
    ///
    /// @return the file
    public Path forLlamaCpp(Adapter adapter, Path folder) {
        try {
            Path file = Files.createDirectories(folder).resolve(GGUF);
            GgufLora.write(normalised(adapter, 1), base.config(), file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + folder, e);
        }
    }

    private static Adapter normalised(Adapter adapter, int rankMin) {
        adapter.requirePlain();
        SortedMap<String, UniformRank.Scaled> modules = new TreeMap<>();
        adapter.modules()
                .forEach((path, factors) -> modules.put(
                        path, new UniformRank.Scaled(factors, adapter.config().scale(path))));
        return UniformRank.of(modules, rankMin);
    }

    private LogitCertificate certify(Adapter adapter, Digest original, Path folder) {
        Adapter written = PeftFolder.read(folder).adapter();
        List<int[]> sequences = PROBES.stream().map(base.text()::encode).toList();
        LogitComparison found = LogitComparison.of(
                base.decoder(),
                EveryLayer.of(adapter, base.config()),
                EveryLayer.of(written, base.config()),
                sequences);
        SortedMap<String, Digest> files = new TreeMap<>();
        for (String name : List.of(ArtifactFiles.CONFIG, ArtifactFiles.WEIGHTS)) {
            files.put(name, digest(folder.resolve(name)));
        }
        LogitCertificate certificate = new LogitCertificate(
                new Digest(base.fingerprint()),
                original,
                files,
                PROBES,
                found.positions(),
                found.differenceMax(),
                found.effectMax(),
                found.argmaxChanged());
        try {
            Files.write(folder.resolve(CERTIFICATE), EventJson.write(certificate), StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the certificate to " + folder, e);
        }
        return certificate;
    }

    private static Digest digest(Path file) {
        try {
            return Digest.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
