package io.adaptermill.ingest.redact;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.Leniency;

/// Telephone numbers by the national numbering plans: international ones (`+49 …`) of every country, others as they are
/// written in the United States and Canada.
final class Phones implements Redaction {
    private static final String WORD = "[phone]";
    private static final String REGION = "US";
    private static final int DIGITS_MIN = 7;

    /// Ends the search in a text of nothing but near misses.
    private static final long TRIES_MAX = 10_000;

    @Override
    public String apply(String text) {
        if (text.chars().filter(Character::isDigit).limit(DIGITS_MIN).count() < DIGITS_MIN) return text;
        StringBuilder redacted = new StringBuilder();
        int end = 0;
        for (PhoneNumberMatch match :
                PhoneNumberUtil.getInstance().findNumbers(text, REGION, Leniency.VALID, TRIES_MAX)) {
            redacted.append(text, end, match.start()).append(WORD);
            end = match.end();
        }
        return end == 0 ? text : redacted.append(text, end, text.length()).toString();
    }
}
