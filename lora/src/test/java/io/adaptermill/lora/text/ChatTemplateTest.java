package io.adaptermill.lora.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {
    private static final String LOOP =
            "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
    private static final String SYSTEM = "{% if loop.first and messages[0]['role'] != 'system' %}"
            + "{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}{% endif %}";

    @Test
    void chatml_is_recognised_with_its_default_system_prompt() {
        assertThat(ChatTemplate.of("{% for message in messages %}" + SYSTEM + LOOP))
                .isEqualTo(new ChatTemplate.ChatMl(Optional.of("You are a helpful assistant.")));
    }

    @Test
    void chatml_is_recognised_without_a_default_system_prompt() {
        assertThat(ChatTemplate.of("{% for message in messages %}" + LOOP))
                .isEqualTo(new ChatTemplate.ChatMl(Optional.empty()));
    }

    @Test
    void real_line_breaks_mean_the_same_as_escaped_ones() {
        assertThat(ChatTemplate.of(("{% for message in messages %}" + SYSTEM + LOOP).replace("\\n", "\n") + "\n"))
                .isEqualTo(new ChatTemplate.ChatMl(Optional.of("You are a helpful assistant.")));
    }

    /// Each renders something else than ChatML, however slightly.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "message['content'] | message['content'] \\| trim",
                "'<|im_end|>' + '\\n' | '<|im_end|>'",
                "{{'<|im_start|>' + | {{bos_token + '<|im_start|>' +",
                "assistant\\n | assistant\\n<think>",
                "{% for message in messages %} | {% for message in messages[1:] %}",
                "{% endif %} | {% else %}{{ eos_token }}{% endif %}",
            })
    void a_template_that_differs_a_little_is_refused(String change) {
        // Given
        String[] fromTo = change.split(" (?<!\\\\)\\| ", 2);
        String good = "{% for message in messages %}" + LOOP;
        String changed = good.replace(fromTo[0], fromTo[1].replace("\\|", "|"));

        // When, Then
        assertThat(changed).isNotEqualTo(good);
        assertThatThrownBy(() -> ChatTemplate.of(changed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("chat template is not one that is known");
    }
}
