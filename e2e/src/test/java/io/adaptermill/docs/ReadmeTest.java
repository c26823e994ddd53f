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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /// Modules without sources yet are not asked.
    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/ARCHITECTURE.md"})
    void the_journey_names_classes_that_exist(String page) {
        // Given
        Set<String> classes = Repository.files(Repository.root(), ReadmeTest::isMain).stream()
                .map(file -> String.valueOf(file.getFileName()).replace(".java", ""))
                .collect(Collectors.toSet());

        // When
        List<String> missing = Markdown.of(page).tableRows("| # |").stream()
                .filter(ReadmeTest::writerExists)
                .flatMap(row ->
                        Pattern.compile("`([A-Z]\\w+)`").matcher(last(row, 1)).results())
                .map(match -> match.group(1))
                .filter(name -> !classes.contains(name))
                .toList();

        // Then
        assertThat(missing).isEmpty();
    }

    private static boolean isMain(Path file) {
        return file.toString().matches(".*/src/main/java/.*\\.java");
    }

    private static boolean writerExists(String row) {
        String writer = last(row, 2);
        Path module = Repository.root().resolve(writer.substring(writer.lastIndexOf(' ') + 1));
        return !Files.isDirectory(module) || Files.isDirectory(module.resolve("src/main/java"));
    }

    private static String last(String row, int column) {
        String[] cells = row.split("\\|", -1);
        return cells[cells.length - 1 - column].strip();
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
