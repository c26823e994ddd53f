package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.client.Journey;
import io.adaptermill.cli.client.Tenants;
import io.adaptermill.cli.policy.PolicyDocument;
import io.adaptermill.cli.policy.PolicyTree;
import io.adaptermill.cli.policy.PolicyWriter;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.TenantId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tenants apply`: registers tenants, or changes what was said about them.
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = {
            "Register a tenant, or change its policy. A new tenant gets an API key, which is kept for this user and shown once.",
            "A file says all there is to say: what it leaves out is at its default, and API keys that it does not list stay."
        },
        footer = {
            "",
            "Examples:",
            "  ./adaptermill tenants apply acme",
            "  ./adaptermill tenants apply acme --set batch.examplesMax=32 --set batch.ageMax=PT1M",
            "  ./adaptermill tenants apply acme --set recipe.variant.kind=dora --set recipe.practice.schedule=cosine",
            "  ./adaptermill tenants apply --file acme.yaml",
            "  ./adaptermill tenants apply --file acme.yaml --dry-run     checks it; needs no server"
        })
final class TenantsApplyCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            paramLabel = "TENANT",
            arity = "0..1",
            description = "Lowercase letters, digits and hyphens. A file names its own.")
    private @Nullable String tenant;

    @Option(names = "--key", paramLabel = "KEY", description = "An API key of your own that shall count from now on.")
    private @Nullable String key;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Policies as YAML, one document a tenant; `tenants show --comments` explains them.")
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

    /// What is to be published about one tenant.
    ///
    /// @param newKey that was made or given for it
    private record Change(TenantId tenant, TenantPolicy policy, boolean isNew, Optional<String> newKey) {}

    @Override
    public Integer call() {
        List<PolicyDocument> documents = file == null ? List.of() : documents(file);
        if (dryRun && file != null) {
            documents.forEach(document -> show(document.tenant(), set(document.policy())));
            return Exit.DONE;
        }
        String servers = session.kafka(Optional.ofNullable(kafka));
        Map<TenantId, TenantPolicy> existing = existing(servers);
        List<Change> made = file == null
                ? List.of(change(Words.tenant(tenant), existing))
                : documents.stream().map(document -> change(document, existing)).toList();
        if (dryRun) {
            made.forEach(change -> show(change.tenant(), change.policy()));
            return Exit.DONE;
        }
        Map<TenantId, TenantPolicy> policies = new LinkedHashMap<>();
        made.forEach(change -> policies.put(change.tenant(), change.policy()));
        Tenants.publish(servers, policies);
        made.forEach(this::tell);
        return Exit.DONE;
    }

    private List<PolicyDocument> documents(Path path) {
        List<PolicyDocument> documents = PolicyFile.read(path);
        boolean one = documents.size() == 1
                && (tenant == null || documents.getFirst().tenant().value().equals(tenant));
        if (!one && (tenant != null || key != null || !changes.isEmpty())) {
            throw new CommandFailure(
                    Exit.USAGE,
                    path + " is about "
                            + documents.stream().map(PolicyDocument::tenant).toList()
                            + ", so TENANT, --key and --set do not go with it.",
                    "./adaptermill tenants apply --file " + path);
        }
        return documents;
    }

    private static Map<TenantId, TenantPolicy> existing(Journey journey) {
        Map<TenantId, TenantPolicy> policies = new LinkedHashMap<>();
        journey.policies().forEach(entry -> policies.put(entry.tenant(), entry.event()));
        return policies;
    }

    private Map<TenantId, TenantPolicy> existing(String servers) {
        try (Journey journey = session.journey(servers)) {
            return existing(journey);
        }
    }

    private Change change(TenantId id, Map<TenantId, TenantPolicy> existing) {
        TenantPolicy before = existing.get(id);
        return keyed(id, before == null ? TenantPolicy.withDefaults(List.of()) : before, before == null);
    }

    private Change change(PolicyDocument document, Map<TenantId, TenantPolicy> existing) {
        TenantPolicy before = existing.get(document.tenant());
        TenantPolicy policy = document.listsKeys() || before == null
                ? document.policy()
                : document.policy().withApiKeys(before.apiKeys());
        return keyed(document.tenant(), policy, before == null && !document.listsKeys());
    }

    private Change keyed(TenantId id, TenantPolicy policy, boolean needsKey) {
        Optional<String> newKey =
                Optional.ofNullable(key).or(() -> needsKey ? Optional.of(Tenants.newKey()) : Optional.empty());
        TenantPolicy whole = newKey.map(value -> policy.withApiKeys(with(policy.apiKeys(), value)))
                .orElse(policy);
        return new Change(id, set(whole), needsKey, newKey);
    }

    private static List<Digest> with(List<Digest> keys, String key) {
        List<Digest> all = new ArrayList<>(keys);
        if (!all.contains(Tenants.digest(key))) all.add(Tenants.digest(key));
        return all;
    }

    private TenantPolicy set(TenantPolicy policy) {
        try {
            return PolicyTree.with(policy, changes);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    Exit.USAGE,
                    "--set cannot be applied: " + e.getMessage(),
                    "./adaptermill tenants show --comments",
                    e);
        }
    }

    private void show(TenantId id, TenantPolicy policy) {
        PolicyWriter.write(id, policy, false).lines().forEach(session.terminal()::line);
        session.terminal().line("---");
    }

    private void tell(Change change) {
        Terminal terminal = session.terminal();
        TenantId id = change.tenant();
        change.newKey().ifPresent(value -> session.keys().put(id, value));
        terminal.line(id + (change.isNew() ? " registered" : " changed"));
        change.newKey()
                .filter(value -> !value.equals(key))
                .ifPresent(value -> terminal.line("API key: " + value + "   (also kept for this user)"));
        terminal.line(
                "Next: ./adaptermill feedback send --tenant " + id + " --prompt \"…\" --response \"…\" --thumb up");
    }
}
