package io.adaptermill.lora.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Checkpoint;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightFormTest {
    @ParameterizedTest
    @EnumSource
    void weights_that_were_widened_before_teach_the_same_bits(Precision precision) {
        assertThat(gradient(precision, WeightForm.WIDENED)).isEqualTo(gradient(precision, WeightForm.AS_STORED));
    }

    @Test
    void a_setting_names_one_of_the_forms() {
        assertThat(WeightForm.of("bf16")).isEqualTo(WeightForm.WIDENED);
        assertThatThrownBy(() -> WeightForm.of("fp16"))
                .hasMessage("adaptermill.weights must be one of 4bit, bf16, was fp16");
    }

    private static float[] gradient(Precision precision, WeightForm form) {
        try (Checkpoint checkpoint = TinyLlama.checkpoint();
                FrozenDecoder base = new FrozenDecoder(checkpoint, precision, form);
                Kernels kernels = Kernels.open(precision, 1);
                Workspace memory = new Workspace();
                Decoder decoder = new Decoder(base, kernels)) {
            AdapterLayers adapter = AdapterLayers.of(TinyLlama.adapter(2), base, kernels, memory);
            AdapterLayout layout = new AdapterLayout(TinyLlama.CONFIG, TinyLlama.lora());
            AdapterParameters gradients = new AdapterParameters(layout, memory);
            TokenBatch batch = TokenBatch.of(List.of(TinyLlama.sequence(0), TinyLlama.sequence(1)), 1 << 20);
            decoder.learn(batch, adapter, WeightFormTest::ones, gradients);
            return gradients.values().toArray();
        }
    }

    private static double[] ones(double[] nats) {
        double[] weights = new double[nats.length];
        Arrays.fill(weights, 1);
        return weights;
    }
}
