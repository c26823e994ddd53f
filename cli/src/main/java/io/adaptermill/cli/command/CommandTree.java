package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// All commands under their one root.
@Command(
        name = "adaptermill",
        mixinStandardHelpOptions = true,
        version = "Adaptermill 0.1.0",
        description = "User feedback becomes better LoRA adapters, tenant by tenant, while they serve.",
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 usage, 3 gate said no, 4 not found, 5 cannot reach server, 6 timed out"
        })
public final class CommandTree {
    private CommandTree() {}

    public static CommandLine of(Session session) {
        CommandLine root = new CommandLine(new CommandTree())
                .addSubcommand(new DemoCommand(session))
                .addSubcommand(new UpCommand(session))
                .addSubcommand(new DownCommand(session))
                .addSubcommand(new StatusCommand(session))
                .addSubcommand(group(
                        new Tenants(),
                        new TenantsApplyCommand(session),
                        new TenantsListCommand(session),
                        new TenantsShowCommand(session)))
                .addSubcommand(group(
                        new Feedback(),
                        new FeedbackSendCommand(session),
                        new FeedbackImportCommand(session),
                        new FeedbackTailCommand(session)))
                .addSubcommand(group(
                        new Adapters(),
                        new AdaptersListCommand(session),
                        new AdaptersShowCommand(session),
                        new AdaptersStoredCommand(session),
                        new AdaptersSignCommand(session),
                        new AdaptersMergeCommand(session),
                        new AdaptersFuseCommand(session),
                        new AdaptersExportCommand(session),
                        new AdaptersImportCommand(session)))
                .addSubcommand(new LineageCommand(session))
                .addSubcommand(new RebuildCommand(session))
                .addSubcommand(new EraseCommand(session))
                .addSubcommand(promotions(session))
                .addSubcommand(quarantine(session))
                .addSubcommand(group(new Gates(), new GatesReplayCommand(session)))
                .addSubcommand(group(new Simulate(), new SimulateGatesCommand(session)))
                .addSubcommand(group(new Drill(), new DrillRollbackCommand(session)))
                .addSubcommand(new ReceiptCommand(session))
                .addSubcommand(new VerifyCommand(session))
                .addSubcommand(new ChatCommand(session))
                .addSubcommand(new ModelCommand(session))
                .addSubcommand(new PlanCommand(session))
                .addSubcommand(new DoctorCommand(session));
        return configured(root, session.terminal());
    }

    private static CommandLine promotions(Session session) {
        CommandLine line = group(new Promotions(), new PromotionsListCommand(session));
        PromotionsAskCommand.all(session).forEach(ask -> line.addSubcommand(ask.getCommandName(), ask));
        return line;
    }

    private static CommandLine quarantine(Session session) {
        CommandLine line =
                group(new Quarantine(), new QuarantineListCommand(session), new QuarantineShowCommand(session));
        QuarantineAskCommand.both(session).forEach(ask -> line.addSubcommand(ask.getCommandName(), ask));
        return line;
    }

    private static CommandLine group(Object group, Object... commands) {
        CommandLine line = new CommandLine(group);
        for (Object command : commands) line.addSubcommand(command);
        return line;
    }

    private static CommandLine configured(CommandLine root, Terminal terminal) {
        return root.setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setUsageHelpWidth(100)
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        terminal.coloured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setOut(new java.io.PrintWriter(terminal.out(), true))
                .setErr(new java.io.PrintWriter(terminal.err(), true))
                .setParameterExceptionHandler((failure, words) -> misused(failure, terminal))
                .setExecutionExceptionHandler((failure, line, parsed) -> failed(failure, terminal));
    }

    private static int misused(ParameterException failure, Terminal terminal) {
        terminal.trouble(terminal.bad("x ") + failure.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(
                failure, failure.getCommandLine().getErr())) {
            terminal.trouble(
                    "  Next: " + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        }
        return Exit.USAGE;
    }

    private static int failed(Exception failure, Terminal terminal) {
        if (isEnding()) {
            terminal.trouble("Stopped.");
            return Exit.FAILED;
        }
        if (failure instanceof CommandFailure known) {
            terminal.trouble(terminal.bad("x ") + known.getMessage());
            terminal.trouble("  Next: " + known.nextStep());
            return known.exit();
        }
        terminal.trouble(terminal.bad("x ") + "Adaptermill itself went wrong: " + failure);
        failure.printStackTrace(terminal.err());
        terminal.trouble("  Next: ./adaptermill doctor; if that finds nothing, report the lines above");
        return Exit.FAILED;
    }

    /// Whether Ctrl-C or the like is taking everything down: what fails now fails because of that.
    private static boolean isEnding() {
        Thread probe = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Command(
            name = "feedback",
            mixinStandardHelpOptions = true,
            description = "Hand in what users said, and watch it arrive.")
    static final class Feedback {}

    @Command(
            name = "tenants",
            mixinStandardHelpOptions = true,
            description = "Who may send feedback, and by which policy it is learned from.")
    static final class Tenants {}

    @Command(
            name = "adapters",
            mixinStandardHelpOptions = true,
            description = "The versions there are, what was said about them, and which one serves.")
    static final class Adapters {}

    @Command(
            name = "gates",
            mixinStandardHelpOptions = true,
            description = "The verdicts on candidates, computed again.")
    static final class Gates {}

    @Command(
            name = "simulate",
            mixinStandardHelpOptions = true,
            description = "What the statistics do where the truth is known.")
    static final class Simulate {}

    @Command(
            name = "drill",
            mixinStandardHelpOptions = true,
            description = "What goes wrong on purpose, to see how it is put right.")
    static final class Drill {}

    @Command(
            name = "promotions",
            mixinStandardHelpOptions = true,
            description = "What serves and why; a person's word on it.")
    static final class Promotions {}

    @Command(
            name = "quarantine",
            mixinStandardHelpOptions = true,
            description = "Suspicious feedback that waits for a person's word.")
    static final class Quarantine {}
}
