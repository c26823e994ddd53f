package io.adaptermill.lora.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.exchange.PeftFolder;
import io.adaptermill.artifacts.merge.AdapterDistance;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.lora.source.BaseStorage;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.id.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterExportTest {
    private static final Digest ORIGINAL = Digest.of("original".getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path folder;

    private final BaseModel base = BaseModel.open(Golden.path("tiny-bf16"), BaseStorage.AS_STORED, Precision.F32);

    @AfterEach
    void close() {
        base.close();
    }

    @Test
    void what_was_written_for_a_server_is_certified_to_answer_as_the_original() throws IOException {
        // Given
        Adapter adapter = adapter(3, 1);

        // When
        LogitCertificate certificate = new AdapterExport(base).forServing(adapter, ORIGINAL, 8, folder);

        // Then
        assertThat(certificate.holds()).isTrue();
        assertThat(certificate.differenceMax()).isLessThan(1e-5);
        assertThat(certificate.effectMax()).isGreaterThan(0.01);
        assertThat(certificate.base().value()).isEqualTo(base.fingerprint());
        assertThat(certificate.original()).isEqualTo(ORIGINAL);
        assertThat(certificate.files().keySet()).containsExactly("adapter_config.json", "adapter_model.safetensors");
        assertThat(PeftFolder.read(folder).adapter().config().rank()).isEqualTo(8);
        byte[] json = Files.readAllBytes(folder.resolve(AdapterExport.CERTIFICATE));
        assertThat(EventJson.read(json, LogitCertificate.class)).isEqualTo(certificate);
    }

    @Test
    void ranks_and_scales_that_differ_by_module_become_one_without_another_answer() throws IOException {
        // Given
        Adapter wide = adapter(4, 1);
        Adapter narrow = adapter(2, 1);
        SortedMap<String, LowRank> modules = new TreeMap<>(wide.modules());
        narrow.modules().forEach((path, module) -> {
            if (path.endsWith("q_proj")) modules.put(path, module);
        });
        LoraConfig config = new LoraConfig(
                4,
                4,
                wide.config().targets(),
                true,
                new LinkedHashMap<>(Map.of("q_proj", 2)),
                new LinkedHashMap<>(Map.of("layers.0.mlp.down_proj", 3.0)));
        Adapter adapter = new Adapter(config, modules, Optional.empty());
        AdapterExport export = new AdapterExport(base);

        // When
        LogitCertificate certificate = export.forServing(adapter, ORIGINAL, 1, folder.resolve("serving"));
        Path gguf = export.forLlamaCpp(adapter, folder.resolve("gguf"));

        // Then
        assertThat(certificate.holds()).isTrue();
        assertThat(certificate.differenceMax()).isLessThan(1e-5);
        LoraConfig written =
                PeftFolder.read(folder.resolve("serving")).adapter().config();
        assertThat(written).isEqualTo(new LoraConfig(4, 4, wide.config().targets()));
        assertThat(Files.size(gguf)).isPositive();
    }

    @Test
    void layers_that_an_adapter_leaves_out_stay_as_they_are() {
        // Given
        Adapter all = adapter(3, 1);
        SortedMap<String, LowRank> first = new TreeMap<>(all.modules());
        first.keySet().removeIf(path -> path.contains("layers.1."));
        Adapter adapter = new Adapter(all.config(), first, Optional.empty());

        // When
        LogitCertificate certificate = new AdapterExport(base).forServing(adapter, ORIGINAL, 1, folder);

        // Then
        assertThat(certificate.holds()).isTrue();
        assertThat(certificate.effectMax()).isGreaterThan(0.01);
        Adapter whole = EveryLayer.of(adapter, base.config());
        assertThat(whole.modules().keySet()).isEqualTo(all.modules().keySet());
        assertThat(AdapterDistance.relative(whole, adapter)).isLessThan(1e-12);
    }

    @Test
    void another_adapter_gets_no_certificate() {
        // When
        LogitComparison found = LogitComparison.of(
                base.decoder(),
                adapter(3, 1),
                adapter(3, 1.2f),
                List.of(base.text().encode("the house style")));

        // Then
        assertThat(found.differenceMax()).isGreaterThan(LogitCertificate.DIFFERENCE_MAX);
        assertThat(found.differenceMax()).isCloseTo(0.2 * found.effectMax(), within(0.2 * found.effectMax()));
    }

    @Test
    void what_lies_there_is_not_overwritten() {
        AdapterExport export = new AdapterExport(base);
        export.forServing(adapter(3, 1), ORIGINAL, 1, folder);
        assertThatThrownBy(() -> export.forServing(adapter(2, 1), ORIGINAL, 1, folder))
                .isInstanceOf(UncheckedIOException.class);
    }

    private Adapter adapter(int rank, float strength) {
        SortedMap<String, LowRank> modules = new TreeMap<>();
        for (int layer = 0; layer < base.config().layers(); layer++) {
            for (Linear linear : List.of(Linear.Q, Linear.DOWN)) {
                String path = linear.path(layer);
                FloatTensor a = numbers(path + " A", rank, linear.in(base.config()), 0.3f);
                FloatTensor b = numbers(path + " B", linear.out(base.config()), rank, 0.3f * strength);
                modules.put(path, new LowRank(a, b));
            }
        }
        LoraConfig config = new LoraConfig(rank, 4, new TreeSet<>(List.of("q_proj", "down_proj")));
        return new Adapter(config, modules, Optional.empty());
    }

    private static FloatTensor numbers(String name, int rows, int columns, float scale) {
        CounterRandom random = new CounterRandom(1, name);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) values[i] = scale * random.symmetric(i);
        return new FloatTensor(rows, columns, values);
    }
}
