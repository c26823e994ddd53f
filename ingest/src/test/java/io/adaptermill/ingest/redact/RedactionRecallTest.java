package io.adaptermill.ingest.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// How much personal data the redactor finds, and how much else it takes for such, on made-up sentences: in each one
/// thing that must go and one that looks like it and must stay.
class RedactionRecallTest {
    private static final long SEED = 20260101;
    private static final int SENTENCES = 4_000;
    private static final double RECALL_MIN = 0.99;
    private static final double PRECISION_MIN = 0.98;

    private static final Map<String, Function<Random, String>> PERSONAL = Map.of(
            "[email] address", RedactionRecallTest::email,
            "[phone] American", RedactionRecallTest::phoneAmerican,
            "[phone] international", RedactionRecallTest::phoneInternational,
            "[iban]", RedactionRecallTest::iban,
            "[card]", RedactionRecallTest::card,
            "[ssn]", RedactionRecallTest::ssn,
            "[ip] 4", random -> numbers(random, 4, 254, "."),
            "[ip] 6", RedactionRecallTest::ipv6,
            "[secret] of an issuer", RedactionRecallTest::secret);

    private static final Map<String, Function<Random, String>> HARMLESS = Map.ofEntries(
            Map.entry("price", random -> random.nextInt(1_000) + "." + digits(random, 2) + " euros"),
            Map.entry("order", random -> "order no. " + digits(random, 6)),
            Map.entry("date", random -> "2026-0" + digit(random, 1, 9) + "-1" + digit(random, 0, 9)),
            Map.entry("time", random -> "1" + digit(random, 0, 9) + ":30:" + digit(random, 1, 5) + "5"),
            Map.entry("version", random -> "version " + numbers(random, 3, 20, ".")),
            Map.entry("ratio", random -> digits(random, 2) + ":" + digits(random, 2)),
            Map.entry("amount", random -> "1," + digits(random, 3) + "," + digits(random, 3) + " people"),
            Map.entry("card with a typing error", random -> typingError(card(random))),
            Map.entry("mention", random -> "@" + word(random)),
            Map.entry("code", random -> "std::" + word(random)),
            Map.entry("hash", random -> "commit " + hex(random, 40)),
            Map.entry(
                    "MAC",
                    random ->
                            IntStream.range(0, 6).mapToObj(_ -> hex(random, 2)).collect(Collectors.joining(":"))));

    @Test
    void nearly_all_that_is_personal_goes_and_nearly_all_else_stays() {
        // Given
        Random random = new Random(SEED);
        Map<String, Score> personal = scores(PERSONAL);
        Map<String, Score> harmless = scores(HARMLESS);

        // When
        for (int i = 0; i < SENTENCES; i++) {
            String kind = any(random, PERSONAL);
            String look = any(random, HARMLESS);
            String stays = of(HARMLESS, look).apply(random);
            String text = "Hello, " + of(PERSONAL, kind).apply(random) + " was it, and " + stays + ", thanks.";
            String redacted = Redactor.redact(text);
            of(personal, kind).count(redacted.startsWith("Hello, " + kind.split(" ")[0] + " was it, and "));
            of(harmless, look).count(redacted.endsWith(" was it, and " + stays + ", thanks."));
        }

        // Then
        double found = personal.values().stream().mapToInt(score -> score.right).sum();
        double taken = harmless.values().stream()
                .mapToInt(score -> score.all - score.right)
                .sum();
        assertThat(found / SENTENCES).as("recall, seed %d: %s", SEED, personal).isGreaterThanOrEqualTo(RECALL_MIN);
        assertThat(found / (found + taken))
                .as("precision, seed %d: %s", SEED, harmless)
                .isGreaterThanOrEqualTo(PRECISION_MIN);
    }

    private static <T> T of(Map<String, T> kinds, String kind) {
        return Objects.requireNonNull(kinds.get(kind), kind);
    }

    private static Map<String, Score> scores(Map<String, ?> kinds) {
        Map<String, Score> scores = new TreeMap<>();
        kinds.keySet().forEach(kind -> scores.put(kind, new Score()));
        return scores;
    }

    private static String any(Random random, Map<String, ?> kinds) {
        return kinds.keySet().stream()
                .sorted()
                .skip(random.nextInt(kinds.size()))
                .findFirst()
                .orElseThrow();
    }

    private static String email(Random random) {
        String[] joints = {".", "_", "-", "+", ""};
        String[] ends = {".com", ".co.uk", ".de", ".museum", ".io"};
        return word(random) + joints[random.nextInt(5)] + word(random) + digits(random, random.nextInt(3)) + "@"
                + word(random) + ends[random.nextInt(5)];
    }

    private static String phoneAmerican(Random random) {
        String area = new String[] {"212", "415", "312", "617", "206", "512", "305"}[random.nextInt(7)];
        String exchange = digit(random, 2, 9) + digit(random, 2, 9) + digit(random, 2, 9);
        String[] forms = {"(%s) %s-%s", "%s-%s-%s", "%s.%s.%s", "+1 %s %s %s", "+1-%s-%s-%s"};
        return forms[random.nextInt(5)].formatted(area, exchange, digits(random, 4));
    }

    private static String phoneInternational(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "+44 20 7" + digits(random, 3) + " " + digits(random, 4);
            case 1 -> "+49 30 9" + digits(random, 6);
            case 2 -> "+33 6 " + digits(random, 2) + " " + digits(random, 2) + " " + digits(random, 2) + " 12";
            default -> "+91 98" + digits(random, 3) + " " + digits(random, 5);
        };
    }

    private static String iban(Random random) {
        String country = new String[] {"DE", "FR", "NL", "GB"}[random.nextInt(4)];
        String account = switch (country) {
            case "DE" -> digits(random, 18);
            case "FR" -> digits(random, 23);
            case "NL" -> "ABNA" + digits(random, 10);
            default -> "WEST" + digits(random, 14);
        };
        String numbers = (account + country + "00")
                .chars()
                .mapToObj(c -> Integer.toString(Character.digit(c, 36)))
                .collect(Collectors.joining());
        int check = 98 - new BigInteger(numbers).mod(BigInteger.valueOf(97)).intValue();
        String iban = country + "%02d".formatted(check) + account;
        return random.nextBoolean() ? iban : iban.replaceAll("(.{4})(?!$)", "$1 ");
    }

    private static String card(Random random) {
        String start = "4" + digits(random, 14);
        for (int last = 0; ; last++) {
            String card = start + last;
            if (luhn(card) % 10 != 0) continue;
            return card.replaceAll("(.{4})(?!$)", "$1" + new String[] {"", " ", "-"}[random.nextInt(3)]);
        }
    }

    private static int luhn(String digits) {
        return IntStream.range(0, digits.length())
                .map(i -> {
                    int value = digits.charAt(digits.length() - 1 - i) - '0';
                    return i % 2 == 0 ? value : value * 2 / 10 + value * 2 % 10;
                })
                .sum();
    }

    private static String typingError(String card) {
        int last = card.charAt(card.length() - 1) - '0';
        return "number " + card.substring(0, card.length() - 1) + (last + 1) % 10;
    }

    private static String ssn(Random random) {
        return digit(random, 1, 5) + digits(random, 2) + "-" + digit(random, 1, 9) + digit(random, 1, 9) + "-"
                + digit(random, 1, 9) + digits(random, 3);
    }

    private static String ipv6(Random random) {
        return random.nextBoolean()
                ? "2001:db8::" + hex(random, 4) + ":1" + hex(random, 2)
                : "2001:" + IntStream.range(0, 7).mapToObj(_ -> hex(random, 4)).collect(Collectors.joining(":"));
    }

    private static String secret(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "sk-" + letters(random, 40);
            case 1 -> "ghp_" + letters(random, 36);
            case 2 -> "AKIA" + letters(random, 16).toUpperCase(java.util.Locale.ROOT);
            default -> "eyJ" + letters(random, 20) + "." + letters(random, 40) + "." + letters(random, 30);
        };
    }

    private static String numbers(Random random, int count, int max, String between) {
        return IntStream.range(0, count)
                .mapToObj(_ -> Integer.toString(1 + random.nextInt(max)))
                .collect(Collectors.joining(between));
    }

    private static String digit(Random random, int from, int to) {
        return Integer.toString(from + random.nextInt(to - from + 1));
    }

    private static String digits(Random random, int count) {
        return text(random, count, "0123456789");
    }

    private static String hex(Random random, int count) {
        return text(random, count, "0123456789abcdef");
    }

    private static String letters(Random random, int count) {
        return text(random, count, "abcdefghijklmnopqrstuvwxyz0123456789");
    }

    private static String word(Random random) {
        return text(random, 3 + random.nextInt(6), "abcdefghijklmnopqrstuvwxyz");
    }

    private static String text(Random random, int count, String alphabet) {
        return IntStream.range(0, count)
                .mapToObj(_ -> String.valueOf(alphabet.charAt(random.nextInt(alphabet.length()))))
                .collect(Collectors.joining());
    }

    /// Owned by the one test.
    private static final class Score {
        private int right;
        private int all;

        void count(boolean isRight) {
            all++;
            if (isRight) right++;
        }

        @Override
        public String toString() {
            return right + "/" + all;
        }
    }
}
