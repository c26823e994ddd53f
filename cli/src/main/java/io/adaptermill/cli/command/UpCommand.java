package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.model.FetchedModel;
import io.adaptermill.cli.stack.LocalStack;
import io.adaptermill.cli.stack.Ports;
import io.adaptermill.cli.stack.Service;
import io.adaptermill.cli.stack.StackConfig;
import io.adaptermill.cli.terminal.LiveLine;
import io.adaptermill.cli.terminal.Terminal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `up`: starts a stack that stays.
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Start a local stack that stays: broker, ingest, trainer, evaluator, promoter, serving.",
        footer = {"", "Examples:", "  ./adaptermill up", "  ./adaptermill up --model ./SmolLM2-135M-Instruct"})
final class UpCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--model", paramLabel = "PATH", description = "GGUF file or Hugging Face folder of the base model.")
    private @Nullable Path model;

    UpCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (session.stackIfAny().isPresent()) {
            throw new CommandFailure(
                    Exit.FAILED, "A local stack runs here already.", "./adaptermill status   or   ./adaptermill down");
        }
        Terminal terminal = session.terminal();
        Instant started = Instant.now();
        FetchedModel fetched = ModelCommand.fetch(terminal, Optional.ofNullable(model));
        Path folder = session.root().resolve(".adaptermill").resolve("local");
        StackConfig config = new StackConfig(
                session.root(),
                folder,
                fetched.path(),
                Ports.free(true),
                Runtime.getRuntime().availableProcessors());
        LocalStack stack = new LocalStack(config);
        Thread stopper = new Thread(stack::close, "stop-stack");
        Runtime.getRuntime().addShutdownHook(stopper);
        new StackStart(stack, new LiveLine(terminal)).run();
        stack.state(started).write(session.root());
        Runtime.getRuntime().removeShutdownHook(stopper);
        for (Service service : Service.values()) {
            String at = service == Service.BROKER
                    ? config.kafka()
                    : config.url(service).toString();
            terminal.line(String.format("  %-15s %s", service.module(), at));
        }
        terminal.line("Data and logs: " + folder);
        terminal.line("Next: ./adaptermill tenants apply acme   then   ./adaptermill feedback send --help");
        return Exit.DONE;
    }
}
