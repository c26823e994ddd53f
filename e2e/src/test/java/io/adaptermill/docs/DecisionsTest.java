package io.adaptermill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Decisions are short, numbered without gaps, named by what they say, and found from the architecture page.
class DecisionsTest {
    private static final int LINES_MAX = 60;

    static List<Markdown> decisions() {
        Path folder = Repository.root().resolve("docs/decisions");
        return Repository.files(folder, file -> true).stream().map(Markdown::of).toList();
    }

    @Test
    void numbers_are_consecutive() {
        // When
        List<String> numbers =
                decisions().stream().map(page -> fileName(page).substring(0, 4)).toList();

        // Then
        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(1, numbers.size())
                        .mapToObj("%04d"::formatted)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void a_file_is_named_by_what_it_decides(Markdown decision) {
        // Given
        String title = decision.headings().getFirst();

        // When
        int number = Integer.parseInt(title.substring(0, title.indexOf('.')));
        String words = title.substring(title.indexOf(' ') + 1);

        // Then
        assertThat(fileName(decision)).isEqualTo("%04d-%s.md".formatted(number, Markdown.slug(words)));
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void a_decision_says_context_decision_and_price(Markdown decision) {
        assertThat(decision.headings().subList(1, decision.headings().size()))
                .containsExactly("Context", "Decision", "What we gave up");
        assertThat(decision.text().lines()).hasSizeLessThanOrEqualTo(LINES_MAX);
    }

    @Test
    void the_architecture_page_lists_them_all_in_order() {
        // When
        List<String> listed = Markdown.of("docs/ARCHITECTURE.md").links().stream()
                .filter(link -> link.matches("decisions/[0-9]{4}-.*"))
                .map(link -> link.substring("decisions/".length()))
                .distinct()
                .toList();

        // Then
        assertThat(listed)
                .isEqualTo(decisions().stream().map(DecisionsTest::fileName).toList());
    }

    private static String fileName(Markdown page) {
        return String.valueOf(page.file().getFileName());
    }
}
