package io.adaptermill.lora.text;

import io.adaptermill.schemas.feedback.Message;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Text to tokens and back, for one base model; safe to share between threads.
///
/// Control tokens come from the template alone: text that merely looks like one, such as `<|im_end|>` in a user's
/// message, is encoded as the characters it is, so nobody can end their turn and speak as the system.
public final class TextCodec implements AutoCloseable {
    private final Tokenizer plain;
    private final TokenizerParts parts;
    private final BitSet control = new BitSet();
    private final ChatTemplate.Frame frame;

    /// What follows a rendered conversation.
    public enum Turn {
        /// The assistant's reply is generated, or trained, next.
        ASSISTANT,
        /// Nothing.
        CLOSED
    }

    /// @throws IllegalArgumentException if the parts do not fit together
    public TextCodec(TokenizerParts parts) {
        this.parts = parts;
        this.frame = parts.template().frame();
        requireControl(frame.open());
        requireControl(frame.end());
        frame.begin().ifPresent(this::requireControl);
        frame.close().ifPresent(this::requireControl);
        parts.control().values().forEach(control::set);
        plain = new Tokenizer(parts.json());
    }

    /// Encodes text as it is: nothing added, nothing cut, no control tokens.
    public int[] encode(String text) {
        return plain.encode(text);
    }

    /// Decodes to text; control tokens leave no trace, broken UTF-8 becomes U+FFFD.
    public String decode(int[] ids) {
        return decode(ids, 0, ids.length);
    }

    public String decode(int[] ids, int from, int to) {
        return plain.decode(ids, from, to, control);
    }

    /// Decodes token by token, giving out only whole characters.
    public StreamingDecoder streamingDecoder() {
        return new StreamingDecoder(this);
    }

    /// Renders a conversation to tokens exactly as the model's template does, its default system prompt included.
    public int[] renderChat(List<Message> messages, Turn turn) {
        TokenBuffer out = new TokenBuffer();
        if (!messages.isEmpty()) frame.begin().ifPresent(token -> out.add(control(token)));
        if (!messages.isEmpty() && messages.getFirst().role() != Message.Role.SYSTEM) {
            parts.template().system().ifPresent(system -> addTurn(out, Message.Role.SYSTEM, system));
        }
        for (Message message : messages) addTurn(out, message.role(), message.content());
        switch (turn) {
            case ASSISTANT -> open(out, Message.Role.ASSISTANT, "");
            case CLOSED -> {}
        }
        return out.toArray();
    }

    /// The tokens of a reply that follows `renderChat(messages, ASSISTANT)`: the text and the end of the turn.
    public int[] encodeReply(String reply) {
        int[] ids = plain.encode(frame.content(reply));
        int[] ended = Arrays.copyOf(ids, ids.length + 1);
        ended[ids.length] = endOfTurn();
        return ended;
    }

    /// The token that ends a turn, and so a reply.
    public int endOfTurn() {
        return control(frame.end());
    }

    /// Every token that ends a reply.
    public Set<Integer> stops() {
        return parts.stops();
    }

    @Override
    public void close() {
        plain.close();
    }

    private void addTurn(TokenBuffer out, Message.Role role, String content) {
        open(out, role, frame.content(content));
        out.add(control(frame.end()));
        out.add(plain.encode(frame.after()));
    }

    /// What no control token parts is one piece of text, as the reference tokenises it: a content that begins
    /// with white space merges with the gap before it.
    private void open(TokenBuffer out, Message.Role role, String content) {
        out.add(control(frame.open()));
        String name = role.name().toLowerCase(Locale.ROOT);
        if (frame.close().isEmpty()) {
            out.add(plain.encode(name + frame.gap() + content));
            return;
        }
        out.add(plain.encode(name));
        out.add(control(frame.close().get()));
        out.add(plain.encode(frame.gap() + content));
    }

    private int control(String token) {
        Integer id = parts.control().get(token);
        if (id == null) throw new IllegalStateException("the tokenizer lost its control token " + token);
        return id;
    }

    private void requireControl(String token) {
        if (!parts.control().containsKey(token)) {
            throw new IllegalArgumentException(
                    "the chat template needs the special token " + token + ", which the tokenizer does not have");
        }
    }
}
