package io.adaptermill.testkit;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;

/// Whether containers can be had. Asked by connecting, since a `docker` command may be there without an engine.
final class DockerEngine {
    private static final String DEFAULT_HOST = "unix:///var/run/docker.sock";

    private DockerEngine() {}

    static boolean answers() {
        String host = Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse(DEFAULT_HOST);
        // Someone who names a remote engine has one.
        return host.startsWith("unix://") ? connects(Path.of(host.substring("unix://".length()))) : true;
    }

    private static boolean connects(Path socket) {
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
