package io.adaptermill.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTest {
    @ParameterizedTest
    @EnumSource(Problem.class)
    void the_readme_names_every_problem(Problem problem) throws IOException {
        // When
        String readme = Files.readString(Path.of("README.md"));

        // Then
        assertThat(readme).contains("`" + problem.code() + "`").contains(Integer.toString(problem.status()));
    }
}
