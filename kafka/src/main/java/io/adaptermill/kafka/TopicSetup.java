package io.adaptermill.kafka;

import io.adaptermill.kafka.TopicPlan.Existing;
import io.adaptermill.kafka.TopicPlan.Step;
import io.adaptermill.kafka.TopicPlan.Wanted;
import io.adaptermill.schemas.error.Unavailable;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes sure that the topics exist: compare, plan, apply, report. Any number of services may do it at once.
public final class TopicSetup {
    private static final Logger LOGGER = LoggerFactory.getLogger(TopicSetup.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private TopicSetup() {}

    /// All topics, replicated once: a local stack.
    public static List<Step> ensure(String bootstrapServers, int partitions) {
        return ensure(bootstrapServers, partitions, (short) 1);
    }

    /// @return the steps taken, in the order of the journey
    /// @throws Unavailable if the brokers do not answer
    public static List<Step> ensure(String bootstrapServers, int partitions, short replication) {
        try (Admin admin = KafkaClients.admin(bootstrapServers)) {
            return ensure(admin, TopicPlan.wanted(partitions, replication));
        } catch (ExecutionException e) {
            throw unavailable(bootstrapServers, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(bootstrapServers, e);
        }
    }

    private static Unavailable unavailable(String bootstrapServers, Exception cause) {
        return new Unavailable(
                "topics could not be set up on Kafka at " + bootstrapServers
                        + ": is it running, and may we create topics?",
                RETRY_AFTER,
                cause);
    }

    private static List<Step> ensure(Admin admin, List<Wanted> wanted) throws ExecutionException, InterruptedException {
        List<Step> steps = TopicPlan.plan(wanted, existing(admin, wanted));
        for (Step step : steps) {
            apply(admin, step);
        }
        return steps;
    }

    private static void apply(Admin admin, Step step) throws ExecutionException, InterruptedException {
        switch (step) {
            case Step.Create(Wanted topic) -> create(admin, topic);
            case Step.Keep _ -> {}
            case Step.Differ(String topic, List<String> differences) ->
                LOGGER.atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("differences", differences)
                        .log("topic is left as it is, which is not as expected");
        }
    }

    private static void create(Admin admin, Wanted topic) throws ExecutionException, InterruptedException {
        NewTopic request =
                new NewTopic(topic.name(), topic.partitions(), topic.replication()).configs(topic.settings());
        try {
            admin.createTopics(List.of(request)).all().get();
            LOGGER.atInfo().addKeyValue("topic", topic.name()).log("topic created");
        } catch (ExecutionException e) {
            // Another service was quicker, which is as good.
            if (!(e.getCause() instanceof TopicExistsException)) throw e;
        }
    }

    private static Map<String, Existing> existing(Admin admin, List<Wanted> wanted)
            throws ExecutionException, InterruptedException {
        Set<String> names = new TreeSet<>(wanted.stream().map(Wanted::name).toList());
        names.retainAll(admin.listTopics().names().get());
        Map<String, TopicDescription> descriptions =
                admin.describeTopics(names).allTopicNames().get();
        Map<String, Existing> existing = new HashMap<>();
        for (Map.Entry<ConfigResource, KafkaFuture<Config>> entry :
                admin.describeConfigs(resources(names)).values().entrySet()) {
            String name = entry.getKey().name();
            TopicDescription description = descriptions.get(name);
            if (description == null) continue;
            existing.put(
                    name,
                    new Existing(
                            description.partitions().size(),
                            settings(entry.getValue().get())));
        }
        return existing;
    }

    private static Collection<ConfigResource> resources(Set<String> names) {
        return names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
    }

    private static Map<String, String> settings(Config config) {
        Map<String, String> settings = new HashMap<>();
        for (ConfigEntry entry : config.entries()) {
            if (entry.value() != null) settings.put(entry.name(), entry.value());
        }
        return settings;
    }
}
