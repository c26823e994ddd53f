package io.adaptermill.e2e;

import static io.adaptermill.schemas.event.PromotionOutcome.PROMOTED;
import static io.adaptermill.schemas.event.PromotionOutcome.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.cli.client.Version;
import io.adaptermill.cli.command.StackStart;
import io.adaptermill.cli.demo.Demo;
import io.adaptermill.cli.demo.DemoData;
import io.adaptermill.cli.demo.DemoTenant;
import io.adaptermill.cli.policy.PolicyTree;
import io.adaptermill.cli.promises.Evidence;
import io.adaptermill.cli.promises.Promises;
import io.adaptermill.cli.stack.LocalStack;
import io.adaptermill.cli.stack.StackConfig;
import io.adaptermill.cli.terminal.LiveLine;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.schemas.event.PromotionOutcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The whole journey on real processes and the real model, with few events: what `./adaptermill demo` shows, as a test.
class JourneyIT {
    @TempDir
    Path folder;

    @Test
    @Timeout(480)
    void good_feedback_goes_live_garbage_does_not_and_every_promise_is_kept() {
        // Given
        List<DemoTenant> tenants = tenants();
        StackConfig config = TestStack.config(folder);
        Terminal terminal = new Terminal(System.out, System.err, false, false);

        // When
        Evidence evidence;
        List<Version> versions;
        try (LocalStack stack = new LocalStack(config)) {
            new StackStart(stack, new LiveLine(terminal)).run();
            try (Demo demo = new Demo(stack, tenants, terminal)) {
                demo.register();
                demo.send();
                demo.watch();
                evidence = demo.evidence();
                versions = Version.all(demo.journey());
            }
        }

        // Then
        assertThat(Promises.check(evidence))
                .allSatisfy(promise ->
                        assertThat(promise.violations()).as(promise.sentence()).isEmpty());
        assertThat(evidence.received()).hasSize(evidence.acknowledged().size()).hasSizeGreaterThan(80);
        assertThat(outcomes(versions)).containsEntry("acme@1", PROMOTED).containsEntry("initech@2", REFUSED);
    }

    private static Map<String, PromotionOutcome> outcomes(List<Version> versions) {
        return versions.stream()
                .collect(Collectors.toMap(
                        version -> version.version().toString(),
                        version -> version.decided().orElseThrow().outcome()));
    }

    /// The demo's house-style tenant and its poisoned one, with less of both.
    private static List<DemoTenant> tenants() {
        List<DemoTenant> all = DemoData.load(Optional.empty(), 0);
        return List.of(less(all.getFirst(), 40), less(all.getLast(), 40));
    }

    private static DemoTenant less(DemoTenant tenant, int events) {
        return tenant.limited(
                events, tenant.later().size(), PolicyTree.with(tenant.policy(), Map.of("batch.examplesMax", "48")));
    }
}
