package io.adaptermill.ingest.redact;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.feedback.Prompt;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Write to Jane.Doe+x@mail.example.co.uk, please|Write to [email], please",
                "müller@exämple.de and a_b@example.com.|[email] and [email].",
                "call +49 30 901820 today|call [phone] today",
                "call +44 20 7946 0958 or (212) 736-5000!|call [phone] or [phone]!",
                "212-736-5000|[phone]",
                "IBAN DE89 3704 0044 0532 0130 00 it is|IBAN [iban] it is",
                "GB82WEST12345698765432|[iban]",
                "card 4111 1111 1111 1111 expires|card [card] expires",
                "5500-0000-0000-0004|[card]",
                "from 192.168.10.254:8080|from [ip]:8080",
                "SSN 123-45-6789.|SSN [ssn].",
                "key sk-proj-abcdefghijklmnop1234 works|key [secret] works",
                "ghp_abcdefghijklmnopqrstuvwxyz0123456789|[secret]",
                "AKIAIOSFODNN7EXAMPLE|[secret]",
                "Password: hunter2hunter2, please|Password: [secret], please",
                "api_key=\"a1b2c3d4e5\"|api_key=\"[secret]\"",
                "from 2001:db8::ff00:42:8329 on|from [ip] on",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-DEF_123|[secret]"
            })
    void what_is_personal_gives_way_to_its_word(String text, String expected) {
        // When
        String redacted = Redactor.redact(text);

        // Then
        assertThat(redacted).isEqualTo(expected);
        assertThat(Redactor.redact(redacted)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The lamp costs 1299 or 12.99, order no. 1234.",
                "in 2026 we sold 1,234,567 lamps",
                "DE89 3704 0044 0532 0130 05",
                "4111 1111 1111 1112",
                "version 1.2.3 and 300.1.1.1",
                "000-12-3456 is no such number, 1-2-3 neither",
                "a @ b, user@host, @name",
                "skeleton-key and sk-short",
                "2026-01-31T12:00:00Z",
                "at 12:30:45, std::vector and 00:1b:44:11:3a:b7",
                "the secret: patience and butter",
                "[email] [phone]"
            })
    void what_only_looks_like_it_stays(String text) {
        // When
        String redacted = Redactor.redact(text);

        // Then
        assertThat(redacted).isEqualTo(text);
    }

    @Test
    void every_text_of_an_example_is_looked_at() {
        // Given
        Prompt prompt = new Prompt(List.of(
                new Message(Message.Role.SYSTEM, "s a@example.com"),
                new Message(Message.Role.USER, "u b@example.com")));
        Prompt clean = new Prompt(
                List.of(new Message(Message.Role.SYSTEM, "s [email]"), new Message(Message.Role.USER, "u [email]")));

        // When
        List<Example> redacted = List.<Example>of(
                        new Example.Demonstration(prompt, "c@example.com"),
                        new Example.Edit(prompt, "1 d@example.com", "2 e@example.com"),
                        new Example.Preference(prompt, "3 f@example.com", "4 g@example.com"),
                        new Example.Rating(prompt, "5 h@example.com", true))
                .stream()
                .map(Redactor::redact)
                .toList();

        // Then
        assertThat(redacted)
                .containsExactly(
                        new Example.Demonstration(clean, "[email]"),
                        new Example.Edit(clean, "1 [email]", "2 [email]"),
                        new Example.Preference(clean, "3 [email]", "4 [email]"),
                        new Example.Rating(clean, "5 [email]", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@", "1 ", "+1", "eyJ", "1.", "DE12 ", "sk-a", "-----BEGIN PRIVATE KEY-----"})
    @Timeout(10)
    void no_text_takes_long(String piece) {
        // Given
        String text = piece.repeat(64 * 1024 / piece.length());

        // When
        long start = System.nanoTime();
        Redactor.redact(text);

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
}
