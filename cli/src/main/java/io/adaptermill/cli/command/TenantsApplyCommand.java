package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.Journey;
import io.adaptermill.cli.client.Tenants;
import io.adaptermill.cli.promises.Entry;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tenants apply`: registers a tenant, or changes what was said about it.
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = {
            "Register a tenant, or change its policy. A new tenant gets an API key, which is kept for this user and shown once."
        },
        footer = {
            "",
            "Examples:",
            "  ./adaptermill tenants apply acme",
            "  ./adaptermill tenants apply acme --set batch.examplesMax=32 --set batch.ageMax=PT1M",
            "  ./adaptermill tenants apply acme --set recipe.variant.kind=dora --set recipe.practice.schedule=cosine",
            "  ./adaptermill tenants apply acme --key $MY_KEY --file policy.json"
        })
final class TenantsApplyCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "TENANT", description = "Lowercase letters, digits and hyphens.")
    private @Nullable String tenant;

    @Option(names = "--key", paramLabel = "KEY", description = "An API key of your own that shall count from now on.")
    private @Nullable String key;

    @Option(names = "--file", paramLabel = "FILE", description = "The whole policy as JSON (schemas/ describes it).")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description = "Change one field of the policy, such as recipe.learningRate=0.001.")
    private Map<String, String> changes = new LinkedHashMap<>();

    @Option(names = "--dry-run", description = "Print the policy and publish nothing.")
    private boolean dryRun;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers (default: the local stack's).")
    private @Nullable String kafka;

    TenantsApplyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        TenantId id = Words.tenant(tenant);
        String servers = session.kafka(Optional.ofNullable(kafka));
        Optional<TenantPolicy> existing = existing(servers, id);
        Optional<String> newKey = newKey(existing);
        TenantPolicy policy = policy(existing, newKey);
        Terminal terminal = session.terminal();
        if (dryRun) {
            terminal.line(Output.pretty(policy));
            return Exit.DONE;
        }
        Tenants.publish(servers, Map.of(id, policy));
        newKey.ifPresent(value -> session.keys().put(id, value));
        terminal.line(id + (existing.isPresent() ? " changed" : " registered"));
        newKey.filter(value -> !value.equals(key))
                .ifPresent(value -> terminal.line("API key: " + value + "   (also kept for this user)"));
        terminal.line(
                "Next: ./adaptermill feedback send --tenant " + id + " --prompt \"…\" --response \"…\" --thumb up");
        return Exit.DONE;
    }

    private Optional<TenantPolicy> existing(String servers, TenantId id) {
        try (Journey journey = session.journey(servers)) {
            return journey.policies().reversed().stream()
                    .filter(entry -> entry.tenant().equals(id))
                    .map(Entry::event)
                    .findFirst();
        }
    }

    private Optional<String> newKey(Optional<TenantPolicy> existing) {
        if (key != null) return Optional.of(key);
        return existing.isPresent() || file != null ? Optional.empty() : Optional.of(Tenants.newKey());
    }

    private TenantPolicy policy(Optional<TenantPolicy> existing, Optional<String> newKey) {
        TenantPolicy base = file == null ? existing.orElseGet(() -> TenantPolicy.withDefaults(List.of())) : read(file);
        TenantPolicy keyed = newKey.map(value -> withKey(base, value)).orElse(base);
        try {
            return Tenants.with(keyed, changes);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    Exit.USAGE,
                    "--set cannot be applied: " + e.getMessage(),
                    "./adaptermill tenants ls --output json",
                    e);
        }
    }

    private static TenantPolicy withKey(TenantPolicy policy, String key) {
        List<io.adaptermill.schemas.id.Digest> keys = new java.util.ArrayList<>(policy.apiKeys());
        if (!keys.contains(Tenants.digest(key))) keys.add(Tenants.digest(key));
        return new TenantPolicy(keys, policy.batch(), policy.holdout(), policy.recipe(), policy.gate());
    }

    private static TenantPolicy read(Path file) {
        try {
            return EventJson.read(Files.readAllBytes(file), TenantPolicy.class);
        } catch (IOException e) {
            throw new CommandFailure(Exit.NOT_FOUND, "No policy can be read from " + file + ".", "check the path", e);
        } catch (UncheckedIOException e) {
            throw new CommandFailure(
                    Exit.USAGE,
                    file + " is not a policy: "
                            + Objects.requireNonNull(e.getCause()).getMessage(),
                    "./adaptermill tenants apply NAME --dry-run prints a whole one",
                    e);
        }
    }
}
