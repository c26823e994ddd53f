package io.adaptermill.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/// Every pod keeps to the profile, and the check that says so sees each way to leave it.
class RestrictedProfileTest {
    static final List<String> SERVICES = Manifests.SERVICES;

    @ParameterizedTest
    @FieldSource("SERVICES")
    void a_pod_keeps_to_the_restricted_profile(String service) {
        assertThat(RestrictedProfile.violations(Manifests.pod(service))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            /securityContext/runAsNonRoot                            | false          | pod must run as non-root
            /securityContext/runAsUser                               | 0              | pod must run as a user of its own
            /securityContext/seccompProfile                          | {}             | pod must use the runtime's seccomp
            /hostNetwork                                             | true           | pod must not have hostNetwork
            /hostPID                                                 | true           | pod must not have hostPID
            /hostIPC                                                 | true           | pod must not have hostIPC
            /automountServiceAccountToken                            | true           | pod must not mount a token
            /volumes/0/hostPath                                      | {path: /}      | volume tmp must not be the host's
            /containers/0/securityContext/privileged                 | true           | container ingest must not be privileged
            /containers/0/securityContext/allowPrivilegeEscalation   | true           | container ingest must not gain
            /containers/0/securityContext/readOnlyRootFilesystem     | false          | container ingest must have a read-only
            /containers/0/securityContext/capabilities               | {}             | container ingest must drop all
            /containers/0/securityContext/capabilities/add           | [NET_RAW]      | container ingest must add no
            /containers/0/securityContext/runAsUser                  | 0              | container ingest must not run as root
            /containers/0/securityContext/runAsNonRoot               | false          | container ingest must run as non-root
            /containers/0/ports/0/hostPort                           | 80             | container ingest must not take a port
            """)
    void a_planted_violation_is_seen(String pointer, String value, String violation) throws IOException {
        // Given
        JsonNode pod = Manifests.pod("ingest").deepCopy();
        JsonPointer at = JsonPointer.compile(pointer);
        ((ObjectNode) pod.at(at.head())).set(at.last().getMatchingProperty(), new YAMLMapper().readTree(value));

        // When
        List<String> violations = RestrictedProfile.violations(pod);

        // Then
        assertThat(violations).singleElement().asString().startsWith(violation);
    }
}
