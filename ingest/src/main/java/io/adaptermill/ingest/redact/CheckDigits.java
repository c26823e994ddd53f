package io.adaptermill.ingest.redact;

import java.util.Locale;
import java.util.stream.Stream;

/// The check digits that tell a bank account or a card from any other row of digits.
final class CheckDigits {
    private static final int IBAN_LENGTH_MIN = 15;
    private static final int IBAN_LENGTH_MAX = 34;
    private static final int IPV6_GROUPS = 8;

    private CheckDigits() {}

    /// ISO 13616: the country and check digits moved to the end, letters as two digits, the whole is 1 modulo 97.
    static boolean isIban(String text) {
        String iban = text.replace(" ", "").toUpperCase(Locale.ROOT);
        if (iban.length() < IBAN_LENGTH_MIN || iban.length() > IBAN_LENGTH_MAX) return false;
        String moved = iban.substring(4) + iban.substring(0, 4);
        int remainder = 0;
        for (int i = 0; i < moved.length(); i++) {
            int digit = Character.digit(moved.charAt(i), 36);
            remainder = (remainder * (digit < 10 ? 10 : 100) + digit) % 97;
        }
        return remainder == 1;
    }

    /// RFC 4291: eight groups, or some with one `::` that stands for the rest; a digit somewhere, so that it is no
    /// code.
    static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        long groups =
                Stream.of(text.split(":")).filter(group -> !group.isEmpty()).count();
        boolean isWhole = gap < 0
                ? groups == IPV6_GROUPS && !text.endsWith(":")
                : groups >= 2 && groups < IPV6_GROUPS && text.indexOf("::", gap + 1) < 0 && !text.endsWith(":");
        return isWhole && text.chars().anyMatch(Character::isDigit);
    }

    /// ISO/IEC 7812 (Luhn): every second digit from the right doubled, the sum of all digits is 0 modulo 10.
    static boolean isCard(String text) {
        String digits = text.replaceAll("\\D", "");
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = i % 2 == 1 ? digit * 2 : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0 && !digits.startsWith("0");
    }
}
