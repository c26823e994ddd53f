package io.adaptermill.trainer;

import io.adaptermill.kafka.KeyFollower;
import io.adaptermill.kafka.group.ChannelClaims;
import io.adaptermill.kafka.group.ChannelWorker;
import io.adaptermill.kafka.group.Transactions;
import io.adaptermill.trainer.training.Training;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/// Takes the closed batches of many tenants in a poll, trains them together outside any transaction, and gives each its
/// one result in a short one.
@ApplicationScoped
public class TrainerLoop {
    private final Training training;
    private final Optional<KeyFollower> keys;
    private final TrainerWorker trainer;
    private final ChannelWorker worker;

    /// Progress that nobody takes in time is dropped: it must never stop a training.
    public TrainerLoop(
            TrainerConfig config,
            Training training,
            MeterRegistry registry,
            @Identifier(TrainerBeans.CLAIMS) ChannelClaims claims,
            @Channel("progress") @OnOverflow(OnOverflow.Strategy.DROP) MutinyEmitter<byte[]> progress) {
        Clock clock = Clock.systemUTC();
        String name = config.trainer().name();
        this.training = training;
        this.keys = KeyFollower.start(config.kafka(), config.sealKey());
        this.trainer = new TrainerWorker(
                KeyFollower.records(keys),
                training,
                new ProgressEvents(progress, name, clock)::publish,
                new TrainerMetrics(registry),
                clock);
        this.worker =
                new ChannelWorker("training", claims, new Transactions(config.kafka(), "adaptermill-trainer-" + name));
    }

    void start(@Observes StartupEvent event) {
        worker.start();
    }

    @Incoming(TrainerBeans.BATCHES)
    public Uni<Void> learn(ConsumerRecords<byte[], byte[]> polled) {
        return worker.handle(polled, trainer);
    }

    /// Why this trainer can no longer go on, if so: then only a restart helps.
    public Optional<Throwable> failure() {
        return worker.failure().or(() -> keys.flatMap(KeyFollower::failure));
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        worker.stop(training::close);
        keys.ifPresent(KeyFollower::close);
    }
}
