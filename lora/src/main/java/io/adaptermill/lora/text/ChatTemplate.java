package io.adaptermill.lora.text;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a conversation becomes text. Templates are Jinja programs; we recognise the ones we can render
/// exactly and refuse the others, because training and serving with different text would quietly spoil
/// both.
public sealed interface ChatTemplate {
    /// Recognises a model's Jinja template.
    ///
    /// @throws IllegalArgumentException if it is none of the known ones
    static ChatTemplate of(String jinja) {
        String normal = jinja.replace("\\n", "\n").strip();
        Matcher matcher = ChatMl.JINJA.matcher(normal);
        if (matcher.matches()) return new ChatMl(Optional.ofNullable(matcher.group("system")));
        throw new IllegalArgumentException(
                "the model's chat template is not one that is known (ChatML, with or without a"
                        + " default system prompt); use a model with one, or add the template to ChatTemplate. It begins: "
                        + normal.substring(0, Math.min(normal.length(), 120)));
    }

    /// Each message between `<|im_start|>` and `<|im_end|>`.
    ///
    /// @param system what is said first when the conversation does not begin with a system message
    record ChatMl(Optional<String> system) implements ChatTemplate {
        static final String START = "<|im_start|>";
        static final String END = "<|im_end|>";

        private static final Pattern JINJA = Pattern.compile("""
                \\{% for message in messages %\\}\
                (?:\\{% if loop\\.first and messages\\[0\\]\\['role'\\] != 'system' %\\}\
                \\{\\{ ?'<\\|im_start\\|>system\n(?<system>[^'{}<]*)<\\|im_end\\|>\n' ?\\}\\}\
                \\{% endif %\\})?\
                \\{\\{ ?'<\\|im_start\\|>' \\+ message\\['role'\\] \\+ '\n' \\+ message\\['content'\\] \
                \\+ '<\\|im_end\\|>' \\+ '\n' ?\\}\\}\
                \\{% endfor %\\}\
                \\{% if add_generation_prompt %\\}\\{\\{ ?'<\\|im_start\\|>assistant\n' ?\\}\\}\\{% endif %\\}""");
    }
}
