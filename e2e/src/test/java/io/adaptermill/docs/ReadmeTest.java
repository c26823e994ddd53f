package io.adaptermill.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The front page tells the journey and the map as they are.
class ReadmeTest {
    private final Markdown readme = Markdown.of("README.md");

    @Test
    void the_journey_names_every_topic_in_order() {
        // When
        List<String> told = readme.tableRows("| # | topic").stream()
                .map(row -> cell(row, 2).replace("`", ""))
                .toList();

        // Then
        assertThat(told).isEqualTo(Topics.ALL.stream().map(Topic::suffix).toList());
    }

    @Test
    void the_map_names_every_folder() throws IOException {
        // When
        Set<String> told = readme.tableRows("| folder").stream()
                .map(row -> cell(row, 1).replaceAll("^\\[(.*)]\\((.*)\\)$", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertThat(told).isEqualTo(folders());
    }

    private static Set<String> folders() throws IOException {
        try (Stream<Path> all = Files.list(Repository.root())) {
            return all.filter(Files::isDirectory)
                    .map(folder -> String.valueOf(folder.getFileName()))
                    .filter(name -> !name.startsWith(".") && !name.equals("target"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String cell(String row, int column) {
        return row.split("\\|", -1)[column].strip();
    }
}
