package io.adaptermill.cli.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Ports that nobody listens on: the preferred ones where possible, else any.
public final class Ports {
    private Ports() {}

    /// @param preferred whether to try each service's usual port first
    public static Map<Service, Integer> free(boolean preferred) {
        Map<Service, Integer> ports = new EnumMap<>(Service.class);
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (Service service : Service.values()) {
                ServerSocket socket =
                        preferred ? tryBind(service.portPreferred()).orElseGet(Ports::bindAny) : bindAny();
                held.add(socket);
                ports.put(service, socket.getLocalPort());
            }
            return ports;
        } finally {
            held.forEach(Ports::close);
        }
    }

    private static ServerSocket bindAny() {
        return tryBind(0).orElseThrow(() -> new IllegalStateException("no port is free on localhost"));
    }

    private static Optional<ServerSocket> tryBind(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            try {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return Optional.of(socket);
            } catch (IOException e) {
                socket.close();
                return Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
