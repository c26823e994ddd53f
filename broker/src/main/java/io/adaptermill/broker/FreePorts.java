package io.adaptermill.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// Ports that nobody listens on right now. Another process may still take one first; then the bind fails and says so.
public final class FreePorts {
    private FreePorts() {}

    public static int one() {
        try (ServerSocket socket = bound(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on localhost", e);
        }
    }

    /// Asked before Kafka starts, which would say it in a page of stack traces.
    ///
    /// @throws IllegalStateException if something listens there
    static void requireFree(int port) {
        try (ServerSocket _ = bound(port)) {
            return;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "port " + port + " is taken: stop what listens there, or choose another with --port", e);
        }
    }

    private static ServerSocket bound(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }
}
