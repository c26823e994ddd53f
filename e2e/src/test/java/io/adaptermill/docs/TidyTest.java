package io.adaptermill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What no compiler sees in our sources. Each rule names what to do instead.
class TidyTest {
    private static final long BYTES_MAX = 1_000_000;

    /// @param where files it holds for
    record Rule(String name, Pattern where, Pattern forbidden, String instead) {
        Rule(String name, String where, String forbidden, String instead) {
            this(name, Pattern.compile(where), Pattern.compile(forbidden), instead);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Rule> rules() {
        return List.of(
                new Rule(
                        "topic names stand in Topics",
                        "(?!schemas/)(?!.*Metrics\\.java).*/src/main/java/.*\\.java",
                        "\"adaptermill\\.(feedback|holdout|batch|training|adapter|promotion|serving\\.adapters|inference|tenant|record)",
                        "use Topics.X.name()"),
                new Rule("nobody sleeps", ".*\\.java", "Thread\\.sl" + "eep\\(", "await a condition, or schedule"),
                new Rule(
                        "only programs print",
                        "(?!cli/|broker/|bench/|lora/src/main/java/io/adaptermill/lora/bench/).*/src/main/java/.*\\.java",
                        "System\\.(out|err)\\b|printStackTrace\\(",
                        "log it, with key-values"),
                new Rule(
                        "nothing is left for later",
                        ".*\\.(java|md|yaml|xml|py|sh)",
                        "\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b",
                        "do it, or open an issue"),
                new Rule(
                        "builds depend on no machine",
                        ".*\\.(java|md|yaml|xml|properties|py|sh)",
                        "(?<![\\w.])/(work|root)/",
                        "use a path relative to the project, or the user's home"),
                new Rule(
                        "nulls are typed by JSpecify",
                        ".*/src/main/java/.*\\.java",
                        "import (?!org\\.jspecify)[\\w.]+\\.(Nullable|NonNull|Nonnull);",
                        "use org.jspecify.annotations.Nullable"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void a_rule_holds_everywhere(Rule rule) {
        // When
        List<String> broken = Repository.files(Repository.root(), TidyTest::isSource).stream()
                .filter(file -> rule.where().matcher(relative(file)).matches())
                .flatMap(file -> places(file, rule.forbidden()))
                .toList();

        // Then
        assertThat(broken).as(rule.instead()).isEmpty();
    }

    @Test
    void every_package_says_what_it_is_and_is_null_marked() {
        // When
        List<String> unmarked =
                Repository.files(Repository.root(), file -> relative(file).matches(".*/src/main/java/.*\\.java"))
                        .stream()
                        .map(Path::getParent)
                        .distinct()
                        .filter(folder -> !marked(folder.resolve("package-info.java")))
                        .map(TidyTest::relative)
                        .toList();

        // Then
        assertThat(unmarked).isEmpty();
    }

    @Test
    void no_file_is_large() {
        // When
        List<String> large = Repository.files(Repository.root(), file -> size(file) > BYTES_MAX).stream()
                .map(TidyTest::relative)
                .toList();

        // Then
        assertThat(large).as("generate it, or fetch it").isEmpty();
    }

    private static boolean marked(Path packageInfo) {
        if (!Files.exists(packageInfo)) {
            return false;
        }
        String text = Repository.text(packageInfo);
        return text.startsWith("///") && text.contains("@NullMarked");
    }

    private static Stream<String> places(Path file, Pattern forbidden) {
        List<String> lines = Repository.text(file).lines().toList();
        return IntStream.range(0, lines.size())
                .filter(i -> forbidden.matcher(lines.get(i)).find())
                .mapToObj(
                        i -> relative(file) + ":" + (i + 1) + " " + lines.get(i).strip());
    }

    private static boolean isSource(Path file) {
        return file.toString().matches(".*\\.(java|md|yaml|xml|properties|py|sh)");
    }

    private static String relative(Path file) {
        return Repository.root().relativize(file).toString();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
