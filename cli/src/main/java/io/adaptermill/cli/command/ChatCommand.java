package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.ServingClient;
import io.adaptermill.cli.client.ServingClient.Question;
import io.adaptermill.cli.client.ServingClient.Reply;
import io.adaptermill.cli.stack.Service;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `chat`: talk to a tenant's model; each answer says which version gave it.
@Command(
        name = "chat",
        mixinStandardHelpOptions = true,
        description = "Talk to a tenant's model. Each answer names the version that gave it.",
        footer = {
            "",
            "Examples:",
            "  ./adaptermill chat acme",
            "  ./adaptermill chat acme --message \"How do I return a lamp?\"",
            "  ./adaptermill chat acme --base --message \"How do I return a lamp?\""
        })
final class ChatCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "TENANT", description = "Whose model to ask.")
    private @Nullable String tenant;

    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            description = "Ask this and stop.")
    private @Nullable String message;

    @Option(names = "--base", description = "Ask the bare base model instead.")
    private boolean base;

    @Option(names = "--max-tokens", paramLabel = "N", description = "Longest answer (default ${DEFAULT-VALUE}).")
    private int tokensMax = 160;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "API key (default: ADAPTERMILL_API_KEY, then this user's).")
    private @Nullable String key;

    @Option(names = "--server", paramLabel = "URL", description = "Serving (default: the local stack's).")
    private @Nullable URI server;

    ChatCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        TenantId owner = Words.tenant(tenant);
        URI serving = server != null ? server : session.stack().url(Service.SERVING);
        String apiKey = session.apiKey(Optional.ofNullable(key), owner);
        try (ServingClient client = new ServingClient(serving)) {
            Talk talk = new Talk(client, owner, apiKey, serving);
            if (message != null) talk.say(message);
            else converse(talk, owner);
        }
        return Exit.DONE;
    }

    private void converse(Talk talk, TenantId owner) {
        Terminal terminal = session.terminal();
        if (terminal.interactive()) terminal.line("Talking to " + owner + ". An empty line ends it.");
        BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = next(reader); line != null && !line.isBlank(); line = next(reader)) talk.say(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable String next(BufferedReader reader) throws IOException {
        if (session.terminal().interactive()) {
            session.terminal().out().print("> ");
            session.terminal().out().flush();
        }
        return reader.readLine();
    }

    /// One conversation, with its history.
    private final class Talk {
        private final ServingClient client;
        private final TenantId owner;
        private final String apiKey;
        private final URI server;
        private final List<Message> history = new ArrayList<>();

        Talk(ServingClient client, TenantId owner, String apiKey, URI server) {
            this.client = client;
            this.owner = owner;
            this.apiKey = apiKey;
            this.server = server;
        }

        void say(String text) {
            history.add(new Message(Message.Role.USER, text));
            String model = base ? "base" : owner.value();
            Reply reply = client.ask(new Question(owner, model, apiKey, history, tokensMax));
            if (reply.answer().failed()) throw failure(reply);
            Terminal terminal = session.terminal();
            terminal.line(reply.text());
            terminal.line(terminal.dim(
                    "  " + reply.answer().version().map(VersionId::toString).orElse("base model") + ", "
                            + reply.answer().latency().toMillis() + " ms"));
            if (!reply.text().isBlank()) history.add(new Message(Message.Role.ASSISTANT, reply.text()));
        }

        private CommandFailure failure(Reply reply) {
            int status = reply.answer().status();
            int exit = status == 0 ? Exit.UNREACHABLE : status == 404 ? Exit.NOT_FOUND : Exit.FAILED;
            return new CommandFailure(
                    exit,
                    "Serving at " + server + " gave no answer: "
                            + reply.answer().error().orElse("status " + status),
                    "./adaptermill status");
        }
    }
}
