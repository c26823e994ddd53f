package io.adaptermill.serving.canary;

import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What makes requests belong together: all of a conversation are answered by one version, as long as it
/// is there.
///
/// @param name the client's own, or how the conversation began
public record Conversation(String name) {
    /// Digits of a digest that are looked at: as many as a double tells apart.
    private static final int DIGITS = 13;

    /// Who names no conversation is known by its beginning, through the first message of the user: all
    /// later turns repeat that.
    ///
    /// @param named by the client
    public static Conversation of(Optional<String> named, Prompt prompt) {
        return new Conversation(named.filter(name -> !name.isBlank()).orElseGet(() -> beginning(prompt)));
    }

    private static String beginning(Prompt prompt) {
        StringBuilder beginning = new StringBuilder();
        for (Message message : prompt.messages()) {
            beginning
                    .append(message.role())
                    .append('\n')
                    .append(message.content())
                    .append('\n');
            if (message.role() == Message.Role.USER) break;
        }
        return beginning.toString();
    }

    /// Whether it falls to a candidate; each candidate draws anew, on every replica the same.
    ///
    /// @param share of conversations that it answers
    public boolean fallsTo(VersionId candidate, double share) {
        Digest digest = Digest.of((candidate + "\n" + name).getBytes(StandardCharsets.UTF_8));
        String digits =
                digest.value().substring(digest.value().indexOf(':') + 1).substring(0, DIGITS);
        return Long.parseLong(digits, 16) < share * (1L << (4 * DIGITS));
    }
}
