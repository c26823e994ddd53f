package io.adaptermill.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StackSamplerTest {
    @Test
    void time_belongs_to_the_outermost_kernel_and_its_caller() {
        assertThat(StackSampler.place(
                        frame("java.lang.Thread", "onSpinWait"),
                        frame("io.adaptermill.lora.kernel.RowPool$Job", "await"),
                        frame("io.adaptermill.lora.kernel.SwiGlu", "lambda$forward$0"),
                        frame("io.adaptermill.lora.transformer.Block", "forward"),
                        frame("io.adaptermill.lora.transformer.Decoder", "run")))
                .isEqualTo("SwiGlu.forward < Block.forward");
        assertThat(StackSampler.place(frame("io.adaptermill.lora.train.StepPlan", "of")))
                .isEqualTo("StepPlan.of");
        assertThat(StackSampler.place(frame("java.io.FileInputStream", "read"))).isEqualTo("elsewhere");
    }

    private static StackTraceElement frame(String type, String method) {
        return new StackTraceElement(type, method, "X.java", 1);
    }
}
