package io.adaptermill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Links inside the repository lead to files and headings that exist.
class LinksTest {
    static List<Markdown> pages() {
        return Markdown.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_link_leads_somewhere(Markdown page) {
        // When
        List<String> links = page.links();

        // Then
        assertThat(links).filteredOn(link -> dead(page, link)).isEmpty();
    }

    private static boolean dead(Markdown page, String link) {
        if (link.contains("://") || link.startsWith("mailto:")) {
            return false;
        }
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target =
                file.isEmpty() ? page.file() : page.file().resolveSibling(file).normalize();
        return !Files.exists(target)
                || hash >= 0 && !Markdown.of(target).anchors().contains(link.substring(hash + 1));
    }
}
