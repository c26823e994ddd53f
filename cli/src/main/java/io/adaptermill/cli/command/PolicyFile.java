package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.policy.PolicyDocument;
import io.adaptermill.cli.policy.PolicyReader;
import io.adaptermill.cli.policy.PolicyReader.Reading;
import io.adaptermill.cli.policy.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A file of policies, or the whole list of what is wrong with it.
final class PolicyFile {
    private PolicyFile() {}

    static List<PolicyDocument> read(Path file) {
        return switch (PolicyReader.read(text(file))) {
            case Reading.Valid(List<PolicyDocument> documents) -> documents;
            case Reading.Invalid(List<Problem> problems) ->
                throw new CommandFailure(
                        Exit.USAGE,
                        problems.size() + (problems.size() == 1 ? " thing is" : " things are") + " wrong with " + file
                                + ".\n"
                                + problems.stream()
                                        .map(problem -> "  " + problem.in(file.toString()))
                                        .collect(Collectors.joining("\n")),
                        "./adaptermill tenants show --comments prints all there is, with defaults");
        };
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CommandFailure(
                    Exit.NOT_FOUND, "No policy can be read from " + file + ": " + e + ".", "check the path", e);
        }
    }
}
