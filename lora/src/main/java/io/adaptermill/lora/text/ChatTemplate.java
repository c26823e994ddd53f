package io.adaptermill.lora.text;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a conversation becomes text.
///
/// Templates are Jinja programs; we recognise the ones we can render exactly and refuse the others, because training
/// and serving with different text would quietly spoil both.
public sealed interface ChatTemplate {
    /// Recognises a model's Jinja template.
    ///
    /// @throws IllegalArgumentException if it is none of the known ones
    static ChatTemplate of(String jinja) {
        String normal = jinja.replace("\\n", "\n").strip();
        Matcher chatMl = ChatMl.JINJA.matcher(normal);
        if (chatMl.matches()) return new ChatMl(Optional.ofNullable(chatMl.group("system")));
        if (Llama3.JINJA.matcher(normal).matches()) return new Llama3();
        throw new IllegalArgumentException(
                "the model's chat template is not one that is known (ChatML, with or without a default system prompt,"
                        + " and Llama 3); use a model with one, put a chat_template.jinja of that form into its folder,"
                        + " or add the template to ChatTemplate. It begins: "
                        + normal.substring(0, Math.min(normal.length(), 120)));
    }

    /// What is said first when the conversation does not begin with a system message.
    Optional<String> system();

    /// What stands around each message.
    Frame frame();

    /// A message is: `open`, its role, `close`, `gap` and its content, `end`, `after`.
    ///
    /// @param begin control token before the first message
    /// @param open control token
    /// @param close control token; where there is none, role, gap and content are one piece of text
    /// @param gap text between role and content
    /// @param end control token; ends a reply too
    /// @param after text between messages
    /// @param trimmed whether white space around a content is left out
    record Frame(
            Optional<String> begin,
            String open,
            Optional<String> close,
            String gap,
            String end,
            String after,
            boolean trimmed) {

        String content(String text) {
            return trimmed ? Spaces.strip(text) : text;
        }
    }

    /// Each message between `<|im_start|>` and `<|im_end|>`.
    record ChatMl(Optional<String> system) implements ChatTemplate {
        private static final Pattern JINJA = Pattern.compile("""
                \\{% for message in messages %\\}\
                (?:\\{% if loop\\.first and messages\\[0\\]\\['role'\\] != 'system' %\\}\
                \\{\\{ ?'<\\|im_start\\|>system\n(?<system>[^'{}<]*)<\\|im_end\\|>\n' ?\\}\\}\
                \\{% endif %\\})?\
                \\{\\{ ?'<\\|im_start\\|>' \\+ message\\['role'\\] \\+ '\n' \\+ message\\['content'\\] \
                \\+ '<\\|im_end\\|>' \\+ '\n' ?\\}\\}\
                \\{% endfor %\\}\
                \\{% if add_generation_prompt %\\}\\{\\{ ?'<\\|im_start\\|>assistant\n' ?\\}\\}\\{% endif %\\}""");

        private static final Frame FRAME =
                new Frame(Optional.empty(), "<|im_start|>", Optional.empty(), "\n", "<|im_end|>", "\n", false);

        @Override
        public Frame frame() {
            return FRAME;
        }
    }

    /// Each role between two control tokens, each message ended by a third.
    record Llama3() implements ChatTemplate {
        private static final Pattern JINJA = Pattern.compile("""
                \\{% set loop_messages = messages %\\}\
                \\{% for message in loop_messages %\\}\
                \\{% set content = '<\\|start_header_id\\|>' \\+ message\\['role'\\] \\+ '<\\|end_header_id\\|>\n\n' ?\\+ \
                message\\['content'\\] \\| trim \\+ '<\\|eot_id\\|>' %\\}\
                \\{% if loop\\.index0 == 0 %\\}\\{% set content = bos_token \\+ content %\\}\\{% endif %\\}\
                \\{\\{ content \\}\\}\
                \\{% endfor %\\}\
                \\{% if add_generation_prompt %\\}\
                \\{\\{ '<\\|start_header_id\\|>assistant<\\|end_header_id\\|>\n\n' \\}\\}\
                \\{% endif %\\}""");

        private static final Frame FRAME = new Frame(
                Optional.of("<|begin_of_text|>"),
                "<|start_header_id|>",
                Optional.of("<|end_header_id|>"),
                "\n\n",
                "<|eot_id|>",
                "",
                true);

        @Override
        public Optional<String> system() {
            return Optional.empty();
        }

        @Override
        public Frame frame() {
            return FRAME;
        }
    }
}
