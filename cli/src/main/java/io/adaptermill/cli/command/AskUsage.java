package io.adaptermill.cli.command;

import picocli.CommandLine;

/// What the commands have in common by which a person asks for something and says why.
final class AskUsage {
    private AskUsage() {}

    /// @param group command that it belongs to
    /// @param example arguments but for the reason
    static CommandLine line(
            Object command, String group, String word, String description, String example, String reason) {
        CommandLine line = new CommandLine(command).setCommandName(word);
        String words = "  ./adaptermill %s %s %s --reason \"%s\"".formatted(group, word, example, reason);
        line.getCommandSpec().usageMessage().description(description).footer("", "Examples:", words);
        return line;
    }
}
