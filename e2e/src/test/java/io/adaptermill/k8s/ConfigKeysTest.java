package io.adaptermill.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.docs.Repository;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// A misspelt environment variable is silently a default; so each one the manifests set must be one a service reads.
class ConfigKeysTest {
    static final List<String> SERVICES = Manifests.SERVICES;

    /// Read by Quarkus, the Java launcher and DJL.
    private static final Set<String> FOREIGN =
            Set.of("QUARKUS_HTTP_HOST", "QUARKUS_HTTP_PORT", "JDK_JAVA_OPTIONS", "DJL_CACHE_DIR");

    @Test
    void keys_are_read_from_nested_interfaces() {
        // Given
        String source = """
                @ConfigMapping(prefix = "adaptermill")
                interface ShopConfig {
                    /// Where.
                    @WithDefault("here")
                    String kafka();

                    Optional<String> model();

                    Till till();

                    interface Till {
                        @WithDefault("2")
                        int coinsPerRow();
                    }
                }
                """;

        // When
        Set<String> variables = ConfigKeys.variables(source);

        // Then
        assertThat(variables)
                .containsExactly("ADAPTERMILL_KAFKA", "ADAPTERMILL_MODEL", "ADAPTERMILL_TILL_COINS_PER_ROW");
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void what_a_pod_sets_its_service_reads(String service) {
        // Given
        Set<String> read = ConfigKeys.of(service);

        assumeThat(read).as("%s has no configuration yet", service).isNotEmpty();

        // When
        Set<String> set = new TreeSet<>();
        for (JsonNode variable : Manifests.container(service).path("env")) {
            set.add(variable.path("name").asText());
        }

        // Then
        set.removeAll(FOREIGN);
        assertThat(read).contains("ADAPTERMILL_KAFKA").containsAll(set);
    }

    @Test
    void keys_are_read_from_placeholders() {
        assertThat(ConfigKeys.placeholders("state.dir=${adaptermill.state:${java.io.tmpdir}}/promoter"))
                .containsExactly("ADAPTERMILL_STATE");
    }

    /// The local stack starts the services with the same keys.
    @Test
    void what_the_local_stack_sets_somebody_reads() {
        // Given
        Set<String> read = new TreeSet<>(FOREIGN);
        SERVICES.forEach(service -> read.addAll(ConfigKeys.of(service)));

        // When
        Set<String> set = Pattern.compile("\"((?:ADAPTERMILL|QUARKUS)_[A-Z_]+)\"")
                .matcher(Repository.text("cli/src/main/java/io/adaptermill/cli/stack/Launch.java"))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertThat(set).isNotEmpty();
        assertThat(read).containsAll(set);
    }

    @Test
    void what_all_pods_share_somebody_reads() {
        // Given
        Set<String> read = new TreeSet<>(FOREIGN);
        SERVICES.forEach(service -> read.addAll(ConfigKeys.of(service)));

        // When
        Set<String> shared = new TreeSet<>();
        Manifests.object("ConfigMap", "adaptermill").path("data").fieldNames().forEachRemaining(shared::add);

        // Then
        assertThat(read).containsAll(shared);
    }
}
