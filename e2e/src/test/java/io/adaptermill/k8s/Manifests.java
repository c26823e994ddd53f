package io.adaptermill.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.adaptermill.docs.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The objects of `k8s/base`, read as kubectl would.
final class Manifests {
    static final Path BASE = Repository.root().resolve("k8s/base");
    static final List<String> SERVICES = List.of("ingest", "trainer-worker", "evaluator", "promoter", "serving");
    private static final YAMLMapper YAML = new YAMLMapper();

    private Manifests() {}

    static JsonNode kustomization() {
        return documents(BASE.resolve("kustomization.yaml")).getFirst();
    }

    static List<Path> files() {
        return Repository.files(BASE, file -> !file.endsWith("kustomization.yaml"));
    }

    static List<JsonNode> objects() {
        return files().stream().flatMap(file -> documents(file).stream()).toList();
    }

    static JsonNode object(String kind, String name) {
        return named(name)
                .filter(object -> object.path("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow(() -> new AssertionError("k8s/base has no " + kind + " " + name));
    }

    /// The Deployment or StatefulSet of a service.
    static JsonNode workload(String service) {
        return named(service)
                .filter(object -> object.at("/spec/template").isObject())
                .findFirst()
                .orElseThrow(() -> new AssertionError("k8s/base has no Deployment or StatefulSet " + service));
    }

    static JsonNode pod(String service) {
        return workload(service).at("/spec/template/spec");
    }

    static JsonNode container(String service) {
        return pod(service).at("/containers/0");
    }

    private static Stream<JsonNode> named(String name) {
        return objects().stream()
                .filter(object -> object.at("/metadata/name").asText().equals(name));
    }

    static List<JsonNode> documents(Path file) {
        try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
            return new ArrayList<>(all.readAll());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " must be YAML", e);
        }
    }
}
