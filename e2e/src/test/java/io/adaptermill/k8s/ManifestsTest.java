package io.adaptermill.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.docs.Repository;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// The manifests fit together, and fit the services as they are in this repository.
class ManifestsTest {
    static final List<String> SERVICES = Manifests.SERVICES;
    private static final Set<String> HEALTH = Set.of("/q/health/started", "/q/health/live", "/q/health/ready");

    @Test
    void kustomization_lists_every_file_and_nothing_else() {
        // When
        List<String> listed = texts(Manifests.kustomization().path("resources"));

        // Then
        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(Manifests.files().stream()
                        .map(file -> Manifests.BASE.relativize(file).toString())
                        .toList());
    }

    @Test
    void no_two_objects_share_kind_and_name() {
        // When
        List<String> names = Manifests.objects().stream()
                .map(object -> object.path("kind").asText() + "/"
                        + object.at("/metadata/name").asText())
                .toList();

        // Then
        assertThat(names).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void a_service_has_its_account_its_address_and_its_budget(String service) {
        // Given
        JsonNode labels = Manifests.workload(service).at("/spec/template/metadata/labels");

        // When
        JsonNode selector = Manifests.object("Service", service).at("/spec/selector");
        JsonNode budget = Manifests.object("PodDisruptionBudget", service).at("/spec/selector/matchLabels");
        String account = Manifests.pod(service).path("serviceAccountName").asText();

        // Then
        assertThat(labels.properties()).containsAll(selector.properties());
        assertThat(labels.properties()).containsAll(budget.properties());
        assertThat(labels.properties())
                .containsAll(Manifests.workload(service)
                        .at("/spec/selector/matchLabels")
                        .properties());
        assertThat(Manifests.object("ServiceAccount", account).isMissingNode()).isFalse();
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void an_image_is_a_module_that_becomes_an_application(String service) {
        // Given
        String image = Manifests.container(service).path("image").asText();

        // When
        String pom = Repository.text(service + "/pom.xml");

        // Then
        assertThat(image).isEqualTo("adaptermill/" + service + ":latest");
        assertThat(Manifests.kustomization().path("images").findValuesAsText("name"))
                .contains("adaptermill/" + service);
        assertThat(pom).contains("quarkus-maven-plugin").contains("quarkus-smallrye-health");
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void probes_ask_the_health_pages_on_the_port_that_is_served(String service) {
        // Given
        JsonNode container = Manifests.container(service);

        // When
        Set<String> asked = Stream.of("startupProbe", "livenessProbe", "readinessProbe")
                .map(container::path)
                .map(probe -> probe.at("/httpGet/path").asText() + " "
                        + probe.at("/httpGet/port").asText())
                .collect(Collectors.toSet());

        // Then
        assertThat(asked).isEqualTo(HEALTH.stream().map(path -> path + " http").collect(Collectors.toSet()));
        assertThat(container.at("/ports/0/name").asText()).isEqualTo("http");
        assertThat(container.at("/ports/0/containerPort").asText())
                .isEqualTo(environment(service).get("QUARKUS_HTTP_PORT"));
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void a_container_says_what_it_needs(String service) {
        // When
        JsonNode resources = Manifests.container(service).path("resources");

        // Then
        assertThat(resources.at("/requests/cpu").asText()).isNotBlank();
        assertThat(resources.at("/requests/memory").asText())
                .isNotBlank()
                .isEqualTo(resources.at("/limits/memory").asText());
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void every_mount_has_its_volume_and_every_volume_its_mount(String service) {
        // When
        Set<String> mounts =
                new TreeSet<>(Manifests.container(service).path("volumeMounts").findValuesAsText("name"));

        // Then
        Set<String> volumes = names(Manifests.pod(service).path("volumes"));
        Manifests.workload(service)
                .at("/spec/volumeClaimTemplates")
                .forEach(claim -> volumes.add(claim.at("/metadata/name").asText()));
        assertThat(mounts).isEqualTo(volumes);
        Manifests.pod(service)
                .path("volumes")
                .findValuesAsText("claimName")
                .forEach(claim -> Manifests.object("PersistentVolumeClaim", claim));
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void paths_in_the_environment_lie_on_a_volume(String service) {
        // Given
        List<String> mounted = Manifests.container(service).path("volumeMounts").findValuesAsText("mountPath");
        Map<String, String> own = environment(Manifests.container(service).path("env"));

        // When
        List<String> paths =
                own.values().stream().filter(value -> value.startsWith("/")).toList();

        // Then
        assertThat(paths).allMatch(path -> mounted.stream().anyMatch(path::startsWith));
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void who_computes_mounts_model_and_store(String service) {
        // Given
        Map<String, String> environment = environment(service);
        boolean computes = Repository.text(service + "/pom.xml").contains("adaptermill-lora");

        // When
        List<String> mounted = Manifests.container(service).path("volumeMounts").findValuesAsText("mountPath");

        // Then
        String model = environment.getOrDefault("ADAPTERMILL_MODEL", "none");
        assertThat(mounted.stream().anyMatch(model::startsWith)).isEqualTo(computes);
        assertThat(mounted.contains(environment.getOrDefault("ADAPTERMILL_STORE", "none")))
                .isEqualTo(computes);
    }

    private static Map<String, String> environment(String service) {
        Map<String, String> all = new TreeMap<>();
        Manifests.container(service)
                .path("envFrom")
                .forEach(from -> Manifests.object(
                                "ConfigMap", from.at("/configMapRef/name").asText())
                        .path("data")
                        .properties()
                        .forEach(entry ->
                                all.put(entry.getKey(), entry.getValue().asText())));
        all.putAll(environment(Manifests.container(service).path("env")));
        return all;
    }

    private static Map<String, String> environment(JsonNode env) {
        Map<String, String> own = new TreeMap<>();
        env.forEach(variable ->
                own.put(variable.path("name").asText(), variable.path("value").asText()));
        return own;
    }

    private static Set<String> names(JsonNode array) {
        Set<String> names = new TreeSet<>();
        array.forEach(element -> names.add(element.path("name").asText()));
        return names;
    }

    private static List<String> texts(JsonNode array) {
        return Stream.iterate(0, i -> i < array.size(), i -> i + 1)
                .map(i -> array.get(i).asText())
                .toList();
    }
}
