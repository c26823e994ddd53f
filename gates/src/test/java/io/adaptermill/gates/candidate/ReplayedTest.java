package io.adaptermill.gates.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.GatePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ReplayedTest {
    private static final Digest DIGEST = Digest.of(new byte[] {1});

    @Test
    void a_whole_series_replays_to_the_same_verdicts_from_its_bytes() {
        // Given
        List<AdapterEvaluated> log = series(60);

        // When
        List<Replayed> replayed = new ArrayList<>();
        CandidateSeries before = CandidateSeries.EMPTY;
        for (AdapterEvaluated recorded : log) {
            replayed.add(Replayed.of(recorded, before));
            before = before.after(recorded);
        }

        // Then
        assertThat(log).extracting(AdapterEvaluated::verdict).contains(Verdict.values());
        assertThat(replayed).hasSize(60).containsOnly(new Replayed.Same());
    }

    @Test
    void a_verdict_that_the_log_does_not_support_differs() {
        // Given
        List<AdapterEvaluated> log = series(20);
        AdapterEvaluated recorded = log.getLast();
        CandidateSeries before = CandidateSeries.EMPTY;
        for (AdapterEvaluated earlier : log.subList(0, 19)) before = before.after(earlier);
        AdapterEvaluated turned = new AdapterEvaluated(
                recorded.version(),
                DIGEST,
                Optional.empty(),
                DIGEST,
                recorded.verdict() == Verdict.APPROVED ? Verdict.REJECTED : Verdict.APPROVED,
                recorded.reason(),
                recorded.gates(),
                recorded.measurements(),
                recorded.policy(),
                recorded.test());

        // When / Then
        assertThat(Replayed.of(recorded, before)).isEqualTo(new Replayed.Same());
        assertThat(Replayed.of(turned, before)).isInstanceOf(Replayed.Differs.class);
        assertThat(Replayed.of(recorded, CandidateSeries.EMPTY)).isInstanceOf(Replayed.Differs.class);
    }

    /// Verdicts as they come back from a topic.
    private static List<AdapterEvaluated> series(int count) {
        Random random = new Random(17);
        List<AdapterEvaluated> log = new ArrayList<>();
        CandidateSeries before = CandidateSeries.EMPTY;
        for (int number = 1; number <= count; number++) {
            VersionId version = VersionId.parse("acme@" + (number % 3 == 0 ? number - 1 : number));
            double effect = (number % 5 - 1) * 0.4;
            List<Double> holdout = gaussian(random, 6 + number, effect);
            Evidence evidence = Evidence.of(
                    holdout, gaussian(random, number / 2, -effect), gaussian(random, 9, 0), gaussian(random, 36, 0));
            Judgement judgement = EvaluationPolicy.judge(evidence, GatePolicy.DEFAULT, version, before);
            AdapterEvaluated recorded = new AdapterEvaluated(
                    version,
                    DIGEST,
                    Optional.empty(),
                    DIGEST,
                    judgement.verdict(),
                    judgement.reason(),
                    judgement.gates(),
                    judgement.measurements(),
                    Optional.of(GatePolicy.DEFAULT),
                    judgement.test());
            log.add(EventJson.read(EventJson.write(recorded), AdapterEvaluated.class));
            before = before.after(recorded);
        }
        return log;
    }

    private static List<Double> gaussian(Random random, int count, double mean) {
        return DoubleStream.generate(() -> mean + 0.3 * random.nextGaussian())
                .limit(count)
                .boxed()
                .toList();
    }
}
