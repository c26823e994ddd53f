package io.adaptermill.ingest.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.function.Predicate;

/// What can be told by its spelling, with the check digits where there are any.
///
/// @param pattern its group, if it has one, is what goes; else all of it
/// @param isReal refuses what only looks like it
record Patterns(String word, Pattern pattern, Predicate<String> isReal) implements Redaction {
    /// Signed tokens, private keys, and the prefixes that issuers give their keys so that they can be found.
    static final Patterns SECRET = new Patterns(
            "[secret]",
            "\\beyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*"
                    + "|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?"
                    + "|\\b(?:sk|pk|rk)[-_](?:[A-Za-z0-9]+[-_])*[A-Za-z0-9]{16,}"
                    + "|\\bgh[pousr]_[A-Za-z0-9]{20,}|\\bgithub_pat_\\w{20,}|\\bglpat-[\\w-]{16,}"
                    + "|\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b|\\bAIza[\\w-]{30,}|\\bxox[abprs]-[\\w-]{10,}"
                    + "|\\bhf_[A-Za-z0-9]{20,}",
            _ -> true);

    static final Patterns EMAIL = new Patterns(
            "[email]", "[\\pL\\pN_.!#$%&'*+/=?^`{|}~-]+@[\\pL\\pN](?:[\\pL\\pN.-]*[\\pL\\pN])?\\.\\pL{2,}", _ -> true);

    static final Patterns IBAN = new Patterns(
            "[iban]", "(?i)\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b", CheckDigits::isIban);

    static final Patterns CARD = new Patterns("[card]", "\\b\\d(?:[ -]?\\d){12,18}\\b", CheckDigits::isCard);

    /// Never given out: area 000, 666 and 9xx, group 00, serial 0000.
    static final Patterns SSN = new Patterns(
            "[ssn]",
            "\\b\\d{3}-\\d{2}-\\d{4}\\b",
            text -> !text.startsWith("000")
                    && !text.startsWith("666")
                    && !text.startsWith("9")
                    && !text.startsWith("00", 4)
                    && !text.endsWith("0000"));

    /// A key or password that somebody wrote down by its name; only what stands after the name goes. Words alone stay.
    static final Patterns NAMED_SECRET = new Patterns(
            "[secret]",
            "(?i)\\b(?:password|passwd|pwd|api[_ -]?key|secret|access[_ -]?token|token)\\s*[:=]\\s*[\"']?"
                    + "([^\\s\"',;\\[\\]]{8,})",
            text -> text.chars().anyMatch(Character::isDigit) && text.chars().anyMatch(Character::isLetter));

    /// Eight groups, or fewer around one `::`; a time of day, a MAC address and `std::vector` are none.
    static final Patterns IPV6 =
            new Patterns("[ip]", "\\b[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7}", CheckDigits::isIpv6);

    static final Patterns IP = new Patterns(
            "[ip]", "\\b(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\b", _ -> true);

    private Patterns(String word, String pattern, Predicate<String> isReal) {
        this(word, Pattern.compile(pattern), isReal);
    }

    @Override
    public String apply(String text) {
        Matcher matcher = pattern.matcher(text);
        StringBuilder redacted = new StringBuilder();
        int end = 0;
        while (matcher.find()) {
            int group = matcher.groupCount();
            if (!isReal.test(matcher.group(group))) continue;
            redacted.append(text, end, matcher.start(group)).append(word);
            end = matcher.end(group);
        }
        return end == 0 ? text : redacted.append(text, end, text.length()).toString();
    }
}
