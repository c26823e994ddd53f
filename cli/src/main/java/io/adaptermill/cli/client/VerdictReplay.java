package io.adaptermill.cli.client;

import io.adaptermill.cli.promises.Entry;
import io.adaptermill.gates.candidate.CandidateSeries;
import io.adaptermill.gates.candidate.Replayed;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.SeriesTest;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One recorded verdict beside what the log says now.
///
/// @param replayed `same`, `too old` (it carries no policy), or what differs
public record VerdictReplay(VersionId version, Verdict verdict, Optional<SeriesTest> test, String replayed) {
    private static final String SAME = "same";
    private static final String TOO_OLD = "too old";

    /// @param evaluated in the order of the log, tenants in any order among one another
    public static List<VerdictReplay> all(List<Entry<AdapterEvaluated>> evaluated) {
        Map<TenantId, CandidateSeries> series = new HashMap<>();
        List<VerdictReplay> replays = new ArrayList<>();
        for (Entry<AdapterEvaluated> entry : evaluated) {
            AdapterEvaluated recorded = entry.event();
            CandidateSeries before = series.getOrDefault(entry.tenant(), CandidateSeries.EMPTY);
            replays.add(new VerdictReplay(
                    recorded.version(), recorded.verdict(), recorded.test(), words(Replayed.of(recorded, before))));
            series.put(entry.tenant(), before.after(recorded));
        }
        return replays;
    }

    public boolean isSame() {
        return replayed.equals(SAME);
    }

    public boolean isDifferent() {
        return !isSame() && !replayed.equals(TOO_OLD);
    }

    /// For a table's row.
    public String[] cells() {
        return new String[] {
            version.toString(),
            verdict.name().toLowerCase(Locale.ROOT).replace('_', ' '),
            test.map(made -> made.number() + (made.look() == 1 ? "" : ", look " + made.look()))
                    .orElse("-"),
            test.map(made -> String.format(Locale.ROOT, "%.3g", made.level())).orElse("-"),
            test.map(made -> String.format(Locale.ROOT, "%.3g", made.evidence()))
                    .orElse("-"),
            replayed
        };
    }

    private static String words(Replayed replayed) {
        return switch (replayed) {
            case Replayed.Same _ -> SAME;
            case Replayed.TooOld _ -> TOO_OLD;
            case Replayed.Differs(String what) -> what;
        };
    }
}
