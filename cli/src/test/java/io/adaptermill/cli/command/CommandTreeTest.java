package io.adaptermill.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.cli.Exit;
import io.adaptermill.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandTreeTest {
    @TempDir
    Path root;

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    void each_command_explains_itself_with_an_example(String command) {
        // When
        Said said = run((command + " --help").split(" "));

        // Then
        assertThat(said.exit()).isEqualTo(Exit.DONE);
        assertThat(said.out()).contains("Usage: adaptermill " + command, "./adaptermill " + command);
    }

    static Stream<String> commands() {
        return leaves(CommandTree.of(new Session(Path.of("."), Terminal.ofSystem())), "");
    }

    private static Stream<String> leaves(CommandLine line, String prefix) {
        return line.getSubcommands().entrySet().stream()
                .flatMap(entry -> entry.getValue().getSubcommands().isEmpty()
                        ? Stream.of(prefix + entry.getKey())
                        : leaves(entry.getValue(), prefix + entry.getKey() + " "));
    }

    @Test
    void a_misspelt_command_is_answered_with_the_right_one() {
        // When
        Said said = run("statsu");

        // Then
        assertThat(said.exit()).isEqualTo(Exit.USAGE);
        assertThat(said.err()).contains("'statsu'", "Did you mean", "status");
    }

    @Test
    void a_misspelt_option_is_answered_with_the_right_one() {
        // When
        Said said = run("status", "--outptu");

        // Then
        assertThat(said.exit()).isEqualTo(Exit.USAGE);
        assertThat(said.err()).contains("--outptu", "--output");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "status",
                "tenants ls",
                "adapters ls",
                "adapters show acme@1",
                "chat acme",
                "feedback send --tenant acme --prompt Hi --response Ho --key k",
                "feedback tail"
            })
    void without_a_stack_a_command_says_how_to_start_one(String command) {
        // When
        Said said = run(command.split(" "));

        // Then
        assertThat(said.exit()).isEqualTo(Exit.UNREACHABLE);
        assertThat(said.err()).contains("No local stack runs here.", "Next: ./adaptermill up");
    }

    @Test
    void a_file_that_is_not_there_is_not_found() {
        // When
        Said said = run("feedback", "import", "nothing.jsonl", "--tenant", "acme");

        // Then
        assertThat(said.exit()).isEqualTo(Exit.NOT_FOUND);
        assertThat(said.err()).contains("nothing.jsonl", "Next:");
    }

    @Test
    void a_policy_is_checked_and_printed_whole_without_a_server() throws IOException {
        // Given
        Path file = Files.writeString(
                root.resolve("acme.yaml"),
                "apiVersion: adaptermill/v1\nkind: TenantPolicy\nmetadata: {name: acme}\nspec: {recipe: {rank: 4}}\n");

        // When
        Said said = run("tenants", "apply", "-f", file.toString(), "--set", "recipe.alpha=8", "--dry-run");

        // Then
        assertThat(said.exit()).isEqualTo(Exit.DONE);
        assertThat(said.out()).contains("name: acme", "    rank: 4\n    alpha: 8.0\n", "continual:\n      kind: none");
    }

    @Test
    void a_policy_with_troubles_is_refused_with_the_place_of_each() throws IOException {
        // Given
        Path file = Files.writeString(root.resolve("bad.yaml"), "apiVersion: adaptermill/v1\nkid: TenantPolicy\n");

        // When
        Said said = run("tenants", "apply", "-f", file.toString());

        // Then
        assertThat(said.exit()).isEqualTo(Exit.USAGE);
        assertThat(said.err())
                .contains(
                        "3 things are wrong with " + file,
                        file + ":2:1: kid is not a field; did you mean kind?",
                        "Next: ./adaptermill tenants show --comments");
    }

    @Test
    void the_defaults_are_shown_without_a_server() {
        // When
        Said said = run("tenants", "show");

        // Then
        assertThat(said.exit()).isEqualTo(Exit.DONE);
        assertThat(said.out()).startsWith("apiVersion: adaptermill/v1").contains("approval: automatic");
    }

    @Test
    void a_dry_run_of_an_import_counts_what_is_there() throws IOException {
        // Given
        Path file = Files.writeString(
                root.resolve("rows.jsonl"), "{\"prompt\":\"Tea?\",\"completion\":\"Yes.\"}\n{\"prompt\":1}\n");

        // When
        Said said = run("feedback", "import", file.toString(), "--tenant", "acme", "--dry-run", "--output", "json");

        // Then
        assertThat(said.exit()).isEqualTo(Exit.DONE);
        assertThat(said.out()).contains("\"events\" : 1", "\"refused\" : 1", "row: no known format");
    }

    @Test
    void a_server_that_is_not_there_cannot_be_reached() {
        // When
        Said said = run(
                "feedback",
                "send",
                "--tenant",
                "acme",
                "--prompt",
                "Hi",
                "--response",
                "Ho",
                "--key",
                "k",
                "--server",
                "http://localhost:1");

        // Then
        assertThat(said.exit()).isEqualTo(Exit.UNREACHABLE);
        assertThat(said.err()).contains("Nobody answers at http://localhost:1", "Next: ./adaptermill up");
    }

    @Test
    void feedback_that_teaches_nothing_is_a_misuse() {
        // When
        Said said = run("feedback", "send", "--tenant", "acme", "--chosen", "A");

        // Then
        assertThat(said.exit()).isEqualTo(Exit.USAGE);
        assertThat(said.err()).contains("--prompt is missing");
    }

    @Test
    void a_name_that_no_tenant_can_have_is_a_misuse() {
        // When
        Said said = run("chat", "Acme!");

        // Then
        assertThat(said.exit()).isEqualTo(Exit.USAGE);
        assertThat(said.err()).contains("\"Acme!\"", "Next:");
    }

    @Test
    void stopping_nothing_is_done_at_once() {
        // When
        Said said = run("down");

        // Then
        assertThat(said).isEqualTo(new Said(Exit.DONE, "No local stack runs here; nothing to stop.\n", ""));
    }

    @Test
    void doctor_names_a_remedy_for_each_trouble() {
        // When
        Said said = run("doctor");

        // Then
        assertThat(said.exit()).isEqualTo(Exit.FAILED);
        assertThat(said.out().lines().filter(line -> line.startsWith("bad") || line.startsWith("warn")))
                .isNotEmpty()
                .allMatch(line -> line.contains("Fix: "));
    }

    private Said run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(print(out), print(err), false, false);
        int exit = CommandTree.of(new Session(root, terminal)).execute(words);
        return new Said(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /// What a command did.
    private record Said(int exit, String out, String err) {}
}
