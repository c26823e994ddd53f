package io.adaptermill.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// Kubernetes' restricted pod security standard, as far as our pods can break it, and a read-only root beside it.
final class RestrictedProfile {
    private RestrictedProfile() {}

    static List<String> violations(JsonNode pod) {
        List<String> found = new ArrayList<>();
        JsonNode whole = pod.path("securityContext");
        must(found, whole.path("runAsNonRoot").asBoolean(), "pod must run as non-root");
        must(found, whole.path("runAsUser").asInt() >= 10_000, "pod must run as a user of its own, 10000 or above");
        String seccomp = whole.at("/seccompProfile/type").asText();
        must(found, seccomp.equals("RuntimeDefault"), "pod must use the runtime's seccomp profile");
        for (String host : List.of("hostNetwork", "hostPID", "hostIPC")) {
            must(found, !pod.path(host).asBoolean(), "pod must not have " + host);
        }
        pod.path("volumes")
                .forEach(volume ->
                        must(found, !volume.has("hostPath"), "volume " + name(volume) + " must not be the host's"));
        must(found, !pod.path("automountServiceAccountToken").asBoolean(true), "pod must not mount a token");
        for (String kind : List.of("initContainers", "containers")) {
            pod.path(kind).forEach(container -> check(found, container));
        }
        return found;
    }

    private static void check(List<String> found, JsonNode container) {
        JsonNode context = container.path("securityContext");
        String who = "container " + name(container);
        must(found, !context.path("privileged").asBoolean(), who + " must not be privileged");
        must(found, !context.path("allowPrivilegeEscalation").asBoolean(true), who + " must not gain privileges");
        must(found, context.path("readOnlyRootFilesystem").asBoolean(), who + " must have a read-only root");
        must(found, context.at("/capabilities/drop/0").asText().equals("ALL"), who + " must drop all capabilities");
        must(found, context.at("/capabilities/add").isMissingNode(), who + " must add no capability");
        must(found, context.path("runAsUser").asInt(10_000) != 0, who + " must not run as root");
        must(found, context.path("runAsNonRoot").asBoolean(true), who + " must run as non-root");
        container
                .path("ports")
                .forEach(port -> must(found, !port.has("hostPort"), who + " must not take a port of the host"));
    }

    private static void must(List<String> found, boolean holds, String rule) {
        if (!holds) {
            found.add(rule);
        }
    }

    private static String name(JsonNode node) {
        return node.path("name").asText();
    }
}
