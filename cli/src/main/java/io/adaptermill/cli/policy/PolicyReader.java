package io.adaptermill.cli.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.TenantId;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads documents with `apiVersion: adaptermill/v1` and `kind: TenantPolicy`, and reports all that is wrong with them
/// at once: a misspelt field would otherwise silently leave its default.
public final class PolicyReader {
    private static final JsonMapper JSON = EventJson.mapper();
    private static final List<String> PARTS = List.of("apiVersion", "kind", "metadata", "spec");
    private static final String NAME = "name";
    private static final String SPEC = "spec";

    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Place> places = new HashMap<>();

    private PolicyReader() {}

    /// What a text says.
    public sealed interface Reading {
        /// @param documents at least one, each about another tenant
        record Valid(List<PolicyDocument> documents) implements Reading {}

        /// @param problems in the text's order
        record Invalid(List<Problem> problems) implements Reading {}
    }

    public static Reading read(String text) {
        YamlText.Parsed parsed = YamlText.parse(text);
        List<Problem> problems = new ArrayList<>(parsed.problems());
        List<PolicyDocument> documents = new ArrayList<>();
        Set<TenantId> tenants = new HashSet<>();
        for (YamlNode root : parsed.documents()) {
            PolicyReader reader = new PolicyReader();
            reader.document(root).ifPresent(document -> {
                documents.add(document);
                if (!tenants.add(document.tenant())) {
                    reader.report(root.place(), "metadata.name", document.tenant() + " has a policy above already");
                }
            });
            problems.addAll(reader.problems);
        }
        if (documents.isEmpty() && problems.isEmpty()) {
            problems.add(new Problem(Place.START, "", "must hold a policy: apiVersion, kind, metadata, spec"));
        }
        problems.sort(Comparator.comparing(Problem::place));
        return problems.isEmpty() ? new Reading.Valid(List.copyOf(documents)) : new Reading.Invalid(problems);
    }

    private Optional<PolicyDocument> document(YamlNode root) {
        if (!(root instanceof YamlNode.Mapping mapping)) {
            report(root.place(), "", "must be a mapping of " + String.join(", ", PARTS) + ", was " + root.described());
            return Optional.empty();
        }
        requireKnown(mapping, "", PARTS);
        constant(mapping, "apiVersion", PolicyDocument.API_VERSION);
        constant(mapping, "kind", PolicyDocument.KIND);
        Optional<TenantId> tenant = tenant(mapping);
        ObjectNode tree = PolicyTree.defaults();
        mapping.entry(SPEC).ifPresent(spec -> fields(spec.value(), SPEC, Shape.policy(), tree));
        Optional<TenantPolicy> policy = policy(tree);
        boolean listsKeys = places.containsKey(SPEC + ".apiKeys");
        return tenant.flatMap(who -> policy.map(what -> new PolicyDocument(who, listsKeys, what)));
    }

    private void constant(YamlNode.Mapping mapping, String name, String value) {
        Optional<YamlNode.Entry> entry = mapping.entry(name);
        if (entry.isEmpty()) {
            report(mapping.place(), name, "is missing: it must be " + value);
        } else if (!(entry.get().value() instanceof YamlNode.Scalar(var p, String text, var q) && text.equals(value))) {
            YamlNode found = entry.get().value();
            report(found.place(), name, "must be " + value + ", was " + found.described());
        }
    }

    private Optional<TenantId> tenant(YamlNode.Mapping mapping) {
        if (!(mapping.entry("metadata").map(YamlNode.Entry::value).orElse(mapping) instanceof YamlNode.Mapping metadata)
                || metadata == mapping) {
            report(mapping.place(), "metadata", "must be a mapping with the tenant's name");
            return Optional.empty();
        }
        requireKnown(metadata, "metadata", List.of(NAME));
        Optional<YamlNode.Entry> name = metadata.entry(NAME);
        if (!(name.map(YamlNode.Entry::value).orElse(metadata)
                instanceof YamlNode.Scalar(Place at, String text, var quoted))) {
            report(metadata.place(), "metadata.name", "must be the tenant's name");
            return Optional.empty();
        }
        try {
            return Optional.of(new TenantId(text));
        } catch (IllegalArgumentException e) {
            report(at, "metadata.name", "names no tenant: " + e.getMessage());
            return Optional.empty();
        }
    }

    /// Takes a mapping's fields over into a value that holds the defaults.
    private void fields(YamlNode node, String path, Shape shape, ObjectNode into) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            report(node.place(), path, "must be " + shape.allowed() + ", was " + node.described());
            return;
        }
        Map<String, Shape> known = shape.fields();
        requireKnown(mapping, path, known.keySet());
        for (YamlNode.Entry entry : mapping.entries()) {
            Shape field = known.get(entry.key());
            if (field == null) continue;
            String own = path + "." + entry.key();
            places.put(own, entry.value().place());
            value(entry.value(), own, field, Optional.ofNullable(into.get(entry.key())))
                    .ifPresent(value -> into.set(entry.key(), value));
        }
        for (String name : shape.required()) {
            if (!into.has(name) && mapping.entry(name).isEmpty()) {
                report(
                        mapping.place(),
                        path + "." + name,
                        "is missing: " + Objects.requireNonNull(known.get(name)).allowed());
            }
        }
    }

    private Optional<JsonNode> value(YamlNode node, String path, Shape shape, Optional<JsonNode> before) {
        if (node instanceof YamlNode.Scalar scalar && scalar.isEmpty()) {
            report(node.place(), path, "has no value: leave it out for its default, or write " + shape.allowed());
            return Optional.empty();
        }
        if (shape.hasKinds()) return kind(node, path, shape, before);
        if (shape.isObject()) {
            ObjectNode part = before.or(shape::fallback)
                    .map(value -> (ObjectNode) value.deepCopy())
                    .orElseGet(JSON::createObjectNode);
            fields(node, path, shape, part);
            return Optional.of(part);
        }
        if (shape.isArray()) return items(node, path, shape);
        ScalarRule.Read read = ScalarRule.read(node, shape);
        read.problem().ifPresent(what -> report(node.place(), path, what));
        return read.value();
    }

    private Optional<JsonNode> kind(YamlNode node, String path, Shape shape, Optional<JsonNode> before) {
        Set<String> known = shape.kinds().keySet();
        YamlNode named = node instanceof YamlNode.Mapping mapping
                ? mapping.entry(Shape.KIND).map(YamlNode.Entry::value).orElse(node)
                : node;
        if (!(node instanceof YamlNode.Mapping)
                || !(named instanceof YamlNode.Scalar(var at, String kind, var quoted))) {
            report(node.place(), path, "must be " + shape.allowed() + ", was " + node.described());
            return Optional.empty();
        }
        Shape own = shape.kinds().get(kind);
        if (own == null) {
            String allowed = " Allowed: " + String.join(", ", known);
            report(named.place(), path + ".kind", "has no kind " + kind + Spelling.hint(kind, known) + allowed);
            return Optional.empty();
        }
        ObjectNode part = before.filter(value -> value.path(Shape.KIND).asText().equals(kind))
                .map(value -> (ObjectNode) value.deepCopy())
                .orElseGet(() -> shape.example(kind));
        fields(node, path, own, part);
        return Optional.of(part);
    }

    private Optional<JsonNode> items(YamlNode node, String path, Shape shape) {
        if (!(node instanceof YamlNode.Sequence(var at, List<YamlNode> items))) {
            report(node.place(), path, "must be a list, was " + node.described());
            return Optional.empty();
        }
        var list = JSON.createArrayNode();
        for (int i = 0; i < items.size(); i++) {
            String own = path + "[" + i + "]";
            places.put(own, items.get(i).place());
            value(items.get(i), own, shape.items(), Optional.empty()).ifPresent(list::add);
        }
        return Optional.of(list);
    }

    /// Limits between fields, which only the records know: each part by itself, so that all are told at once.
    private Optional<TenantPolicy> policy(ObjectNode tree) {
        for (RecordComponent part : TenantPolicy.class.getRecordComponents()) {
            String path = SPEC + "." + part.getName();
            if (problems.stream().anyMatch(problem -> problem.path().startsWith(path))) continue;
            try {
                JSON.readValue(
                        JSON.treeAsTokens(tree.path(part.getName())),
                        JSON.getTypeFactory().constructType(part.getGenericType()));
            } catch (JsonMappingException e) {
                mismatch(path, e);
            } catch (IOException e) {
                throw new IllegalStateException("a tree in memory can be read", e);
            }
        }
        try {
            return problems.isEmpty() ? Optional.of(JSON.treeToValue(tree, TenantPolicy.class)) : Optional.empty();
        } catch (JsonProcessingException e) {
            mismatch(SPEC, e);
            return Optional.empty();
        }
    }

    private void mismatch(String part, JsonProcessingException e) {
        String path = part;
        if (e instanceof JsonMappingException mapping) {
            path += mapping.getPath().stream()
                    .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                    .collect(Collectors.joining());
        }
        String what = e.getCause() instanceof IllegalArgumentException cause
                ? String.valueOf(cause.getMessage())
                : e.getOriginalMessage();
        String field = path + "." + what.split(" ", 2)[0];
        boolean named = places.containsKey(field);
        report(place(named ? field : path), named ? field : path, named ? what.split(" ", 2)[1] : "cannot be: " + what);
    }

    /// Of the field, or of the nearest one around it that was written.
    private Place place(String path) {
        String at = path;
        while (!places.containsKey(at)) {
            int end = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
            if (end < 0) return Place.START;
            at = at.substring(0, end);
        }
        return places.getOrDefault(at, Place.START);
    }

    private void requireKnown(YamlNode.Mapping mapping, String path, Collection<String> known) {
        for (YamlNode.Entry entry : mapping.entries()) {
            if (known.contains(entry.key())) continue;
            report(
                    entry.place(),
                    path.isEmpty() ? entry.key() : path + "." + entry.key(),
                    "is not a field" + Spelling.hint(entry.key(), known) + " Allowed: " + String.join(", ", known));
        }
    }

    private void report(Place place, String path, String what) {
        problems.add(new Problem(place, path, what));
    }
}
