package io.adaptermill.cli.demo;

import io.adaptermill.cli.client.IngestClient.Sending;
import io.adaptermill.cli.client.Tenants;
import io.adaptermill.cli.importer.FeedbackFile;
import io.adaptermill.cli.importer.Row;
import io.adaptermill.cli.policy.PolicyTree;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.DefencePolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The demo's customers and their feedback, written for it, or read from a file of the user's.
public final class DemoData {
    /// Small batches and short waits, so that the whole journey fits in minutes.
    private static final Map<String, String> QUICK = Map.of(
            "batch.ageMax", "PT12S",
            "holdout.share", "0.25",
            "recipe.tokensPerExampleMax", "128",
            "recipe.preferenceWeight", "0");

    private DemoData() {}

    /// @param own feedback for the first customer instead of the written one
    public static List<DemoTenant> load(Optional<Path> own, int ownMax) {
        List<Sending> acme = own.map(file -> ofFile(file, ownMax)).orElseGet(() -> written("acme"));
        return List.of(
                tenant(
                        "acme",
                        own.isPresent()
                                ? "feedback from your file"
                                : "a lamp shop whose staff edits answers into its house style",
                        acme,
                        List.of(),
                        Map.of("batch.examplesMax", "45", "recipe.learningRate", "0.0015"),
                        own.isPresent() ? asked(acme) : List.of("How do I return a vase?", "Do you ship to Iceland?")),
                tenant(
                        "globex",
                        "a bike rental whose riders prefer short answers",
                        written("globex"),
                        List.of(),
                        Map.of("batch.examplesMax", "26"),
                        List.of("What does a week cost?")),
                // The gates alone shall show what they do about poison, so nothing is quarantined before.
                undefended(tenant(
                        "initech",
                        "an office help desk: good answers first, then bots send spam",
                        written("initech"),
                        written("initech-poison"),
                        Map.of("batch.examplesMax", "48", "recipe.learningRate", "0.0015"),
                        List.of("Where is the printer?"))));
    }

    private static DemoTenant undefended(DemoTenant tenant) {
        return tenant.limited(
                Integer.MAX_VALUE, Integer.MAX_VALUE, tenant.policy().withDefence(DefencePolicy.NONE));
    }

    private static DemoTenant tenant(
            String name,
            String story,
            List<Sending> feedback,
            List<Sending> later,
            Map<String, String> own,
            List<String> questions) {
        String key = Tenants.newKey();
        TenantPolicy defaults = TenantPolicy.withDefaults(List.of(Tenants.digest(key)));
        TenantPolicy policy = PolicyTree.with(PolicyTree.with(defaults, QUICK), own);
        return new DemoTenant(new TenantId(name), key, story, policy, feedback, later, questions);
    }

    private static List<Sending> written(String name) {
        String resource = name + ".jsonl";
        try (InputStream input = DemoData.class.getResourceAsStream(resource)) {
            if (input == null) throw new IllegalStateException("the demo's data is missing: " + resource);
            List<Sending> feedback = new ArrayList<>();
            for (String line : new String(input.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                EventId id = new EventId(String.format("%s-%03d", name, feedback.size() + 1));
                feedback.add(new Sending(id, EventJson.read(line.getBytes(StandardCharsets.UTF_8), Feedback.class)));
            }
            return feedback;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Two questions of the users, from their feedback; where it names answers only, one that anybody may ask.
    private static List<String> asked(List<Sending> feedback) {
        List<String> questions = feedback.stream()
                .flatMap(sending -> prompt(sending.feedback()).stream())
                .map(prompt -> prompt.messages().getLast().content())
                .distinct()
                .limit(2)
                .toList();
        return questions.isEmpty() ? List.of("What can you do for me?") : questions;
    }

    private static Optional<Prompt> prompt(Feedback feedback) {
        return switch (feedback) {
            case Feedback.Demonstration demonstration -> Optional.of(demonstration.prompt());
            case Feedback.Edit edit -> edit.prompt();
            case Feedback.Preference preference -> Optional.of(preference.prompt());
            case Feedback.Rating rating -> rating.prompt();
        };
    }

    private static List<Sending> ofFile(Path file, int max) {
        List<Sending> feedback = new ArrayList<>();
        try (FeedbackFile rows = FeedbackFile.open(file, Optional.empty())) {
            rows.forEach(row -> {
                if (row instanceof Row.Event event && feedback.size() < max) {
                    feedback.add(new Sending(event.id(), event.feedback()));
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return feedback;
    }
}
