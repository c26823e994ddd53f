package io.adaptermill.promoter;

import io.adaptermill.promoter.promotion.Decision;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.AdapterRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.streams.KafkaStreams;

/// The promoter's topology with the service's own Streams settings, in a JVM that a test can kill.
public final class PromoterProcess {
    private static final String PREFIX = "kafka-streams.";

    private PromoterProcess() {}

    static Process start(String bootstrapServers, Path log) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PromoterProcess.class.getName(),
                        bootstrapServers)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Properties settings = serviceSettings();
        settings.put("application.id", "adaptermill-promoter");
        settings.put("bootstrap.servers", arguments[0]);
        try (KafkaStreams streams = new KafkaStreams(PromotionTopology.build(new Silent()), settings)) {
            streams.start();
            new CountDownLatch(1).await();
        }
    }

    private static Properties serviceSettings() throws IOException {
        Properties service = new Properties();
        try (InputStream file = PromoterProcess.class.getResourceAsStream("/application.properties")) {
            service.load(file);
        }
        Properties settings = new Properties();
        for (String name : service.stringPropertyNames()) {
            String value = service.getProperty(name);
            // What is taken from elsewhere has its default here.
            if (name.startsWith(PREFIX) && !value.contains("${")) {
                settings.put(name.substring(PREFIX.length()), value);
            }
        }
        return settings;
    }

    private static final class Silent implements PromotionListener {
        @Override
        public void decided(AdapterRef candidate, Decision decision) {}

        @Override
        public void unreadable(ContractViolation violation) {}
    }
}
