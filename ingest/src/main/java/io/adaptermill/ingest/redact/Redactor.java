package io.adaptermill.ingest.redact;

import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.feedback.Prompt;
import java.util.List;

/// Takes personal data and secrets out of an example, and puts the word for what was there in its place: `[email]`,
/// `[phone]`, `[iban]`, `[card]`, `[ssn]`, `[ip]`, `[secret]`.
///
/// Works on form, not meaning: names and addresses stay. Redacting twice changes nothing more. Time is linear in the
/// text, whatever the text.
public final class Redactor {
    /// Secrets first, since they may hold anything; telephone numbers last, since most digits could be one.
    private static final List<Redaction> REDACTIONS = List.of(
            Patterns.SECRET,
            Patterns.NAMED_SECRET,
            Patterns.EMAIL,
            Patterns.IBAN,
            Patterns.CARD,
            Patterns.SSN,
            Patterns.IP,
            Patterns.IPV6,
            new Phones());

    private Redactor() {}

    public static Example redact(Example example) {
        Prompt prompt = redact(example.prompt());
        return switch (example) {
            case Example.Demonstration e -> new Example.Demonstration(prompt, redact(e.response()));
            case Example.Edit e -> new Example.Edit(prompt, redact(e.original()), redact(e.edited()));
            case Example.Preference e -> new Example.Preference(prompt, redact(e.chosen()), redact(e.rejected()));
            case Example.Rating e -> new Example.Rating(prompt, redact(e.response()), e.good());
        };
    }

    private static Prompt redact(Prompt prompt) {
        return new Prompt(prompt.messages().stream()
                .map(message -> new Message(message.role(), redact(message.content())))
                .toList());
    }

    static String redact(String text) {
        String redacted = text;
        for (Redaction redaction : REDACTIONS) {
            redacted = redaction.apply(redacted);
        }
        return redacted;
    }
}
