package io.adaptermill.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A stranger who opens a module's folder is told on one screen what comes in, what goes out and who decides.
class ModuleReadmesTest {
    private static final int LINES_MAX = 60;

    static List<String> modules() {
        List<String> modules = new ArrayList<>();
        Matcher module = Pattern.compile("<module>(.*?)</module>").matcher(Repository.text("pom.xml"));
        while (module.find()) {
            modules.add(module.group(1));
        }
        return modules;
    }

    @ParameterizedTest
    @MethodSource("modules")
    void a_module_introduces_itself_on_one_screen(String module) {
        // Given
        assumeThat(Repository.root().resolve(module).resolve("src")).isDirectory();
        Path readme = Repository.root().resolve(module).resolve("README.md");

        // When
        String text = Files.exists(readme) ? Repository.text(readme) : "";

        // Then
        assertThat(text)
                .as("%s/README.md says what comes in, what goes out, who decides", module)
                .startsWith("# ");
        assertThat(text.lines()).hasSizeLessThanOrEqualTo(LINES_MAX);
        assertThat(text).as("how to run its tests").containsPattern("(?i)tests?");
    }
}
