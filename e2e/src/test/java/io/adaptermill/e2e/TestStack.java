package io.adaptermill.e2e;

import io.adaptermill.cli.stack.LocalStack;
import io.adaptermill.cli.stack.Ports;
import io.adaptermill.cli.stack.Service;
import io.adaptermill.cli.stack.StackConfig;
import io.adaptermill.testkit.TestModel;
import java.nio.file.Path;
import java.util.EnumSet;

/// How these tests run the packaged services: on the real model, on free ports, with all cores.
final class TestStack {
    private TestStack() {}

    /// @param folder for data and logs
    static StackConfig config(Path folder) {
        return new StackConfig(
                Path.of("..").toAbsolutePath().normalize(),
                folder,
                TestModel.path(),
                Ports.free(false),
                Runtime.getRuntime().availableProcessors());
    }

    static void startAndAwait(LocalStack stack, Service service) {
        stack.start(service);
        stack.awaitReady(EnumSet.of(service), _ -> {});
    }
}
