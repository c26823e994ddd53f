package io.adaptermill.broker;

import java.nio.file.Path;

/// `BrokerMain --port 19092 --dir DIR`: runs until SIGTERM. `--port 0` takes any free port.
///
/// Says one line on standard output when clients may connect: `ready localhost:19092`. Exit codes: 0 stopped, 1 could
/// not start, 2 wrong usage.
public final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] arguments) {
        try {
            Arguments read = Arguments.parse(arguments);
            run(new BrokerConfig(read.port() == 0 ? FreePorts.one() : read.port(), FreePorts.one(), read.directory()));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\nusage: BrokerMain --port PORT --dir DIR");
            System.exit(2);
        } catch (RuntimeException e) {
            System.err.println("broker could not start: " + e.getMessage());
            // Kafka's threads would keep a half-started process alive.
            Runtime.getRuntime().halt(1);
        }
    }

    private static void run(BrokerConfig config) {
        FreePorts.requireFree(config.port());
        SingleNode node = SingleNode.start(config);
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "stop-broker"));
        System.out.println("ready " + config.bootstrapServers());
        node.awaitShutdown();
    }

    /// What the command line said.
    record Arguments(int port, Path directory) {
        static Arguments parse(String[] words) {
            int port = 0;
            Path directory = null;
            for (int i = 0; i + 1 < words.length; i += 2) {
                switch (words[i]) {
                    case "--port" -> port = port(words[i + 1]);
                    case "--dir" -> directory = Path.of(words[i + 1]);
                    default -> throw new IllegalArgumentException("unknown option " + words[i]);
                }
            }
            if (words.length % 2 != 0) throw new IllegalArgumentException("no value for " + words[words.length - 1]);
            if (directory == null) throw new IllegalArgumentException("--dir is missing");
            return new Arguments(port, directory);
        }

        private static int port(String text) {
            try {
                int port = Integer.parseInt(text);
                if (port >= 0 && port <= 65_535) return port;
            } catch (NumberFormatException e) {
                // Said below, as for a number out of range.
            }
            throw new IllegalArgumentException("--port must be in [0, 65535], was " + text);
        }
    }
}
