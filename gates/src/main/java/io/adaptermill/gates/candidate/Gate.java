package io.adaptermill.gates.candidate;

import static io.adaptermill.schemas.event.GateResult.Outcome.FAILED;
import static io.adaptermill.schemas.event.GateResult.Outcome.INCONCLUSIVE;
import static io.adaptermill.schemas.event.GateResult.Outcome.PASSED;

import io.adaptermill.schemas.event.GateResult;
import io.adaptermill.schemas.event.Measurement;
import io.adaptermill.schemas.event.SeriesTest;
import java.util.Locale;
import java.util.Optional;

/// One condition on one measurement, judged by the interval and never by the mean alone.
public sealed interface Gate {
    GateResult judge(Measurement measured);

    /// The hold-out must be shown to be better than with the champion, by the evidence that this test of the
    /// tenant's series asks for. The interval says how much better, and shows harm.
    ///
    /// @param natsMin the improvement must be shown to exceed this
    /// @param test absent if there are too few examples for one
    record Improvement(double natsMin, int examplesMin, Optional<SeriesTest> test) implements Gate {
        @Override
        public GateResult judge(Measurement measured) {
            String what = "hold-out loss " + lower(measured);
            if (measured.upper() < Math.min(natsMin, 0)) return result(measured, FAILED, what + ": shown to be worse");
            return test.map(made -> judge(measured, what + ", " + evidence(made), made.shown()))
                    .orElseGet(() -> result(
                            measured, INCONCLUSIVE, what + ": fewer than " + examplesMin + " examples never decide"));
        }

        private GateResult judge(Measurement measured, String what, boolean shown) {
            return shown
                    ? result(measured, PASSED, what)
                    : result(measured, INCONCLUSIVE, what + ": not shown to be better by more than " + number(natsMin));
        }

        private static String evidence(SeriesTest made) {
            return String.format(
                    Locale.ROOT,
                    "evidence %.3g of %.3g in test %d%s",
                    made.evidence(),
                    1 / made.level(),
                    made.number(),
                    made.look() == 1 ? "" : ", look " + made.look());
        }

        private static String lower(Measurement measured) {
            return "%s nats/token lower [%s, %s], n=%d"
                    .formatted(
                            number(measured.mean()), number(measured.lower()), number(measured.upper()), measured.n());
        }
    }

    /// Loss must be shown not to rise above a limit: the burden of proof is the candidate's.
    record BoundedRise(String what, double natsMax) implements Gate {
        @Override
        public GateResult judge(Measurement measured) {
            String rise = rise(what, measured);
            if (measured.lower() > natsMax) return result(measured, FAILED, rise + ": above " + number(natsMax));
            return measured.upper() <= natsMax
                    ? result(measured, PASSED, rise + " within " + number(natsMax))
                    : result(measured, INCONCLUSIVE, rise + ": not shown to stay within " + number(natsMax));
        }
    }

    /// Loss must not be shown to rise above a limit: a small sample cannot block, shown harm does.
    record NoShownHarm(String what, double natsMax) implements Gate {
        @Override
        public GateResult judge(Measurement measured) {
            String rise = rise(what, measured);
            return measured.lower() > natsMax
                    ? result(measured, FAILED, rise + ": above " + number(natsMax))
                    : result(measured, PASSED, rise);
        }
    }

    /// It must be shown to be above a limit.
    record ShownAbove(String what, double limit) implements Gate {
        @Override
        public GateResult judge(Measurement measured) {
            String gain = rise(what, measured);
            if (measured.lower() > limit) return result(measured, PASSED, gain + ": above " + number(limit));
            return measured.upper() < limit
                    ? result(measured, FAILED, gain + ": below " + number(limit))
                    : result(measured, INCONCLUSIVE, gain + ": not shown to be above " + number(limit));
        }
    }

    /// It must not be shown to be below a limit.
    record NoShownFall(String what, double limit) implements Gate {
        @Override
        public GateResult judge(Measurement measured) {
            String gain = rise(what, measured);
            return measured.upper() < limit
                    ? result(measured, FAILED, gain + ": below " + number(limit))
                    : result(measured, PASSED, gain);
        }
    }

    /// No example may lie above a limit: of what may not happen once, a mean says nothing.
    record NoneAbove(String what, double limit) implements Gate {
        @Override
        public GateResult judge(Measurement measured) {
            long above = measured.values().stream()
                    .filter(value -> !(value <= limit))
                    .count();
            String found = "%s: %d of %d above %s".formatted(what, above, measured.n(), number(limit));
            return result(measured, above == 0 ? PASSED : FAILED, found);
        }
    }

    private static String rise(String what, Measurement measured) {
        if (measured.n() == 0) return what + ": nothing to compare yet";
        return "%s %s %s [%s, %s], n=%d"
                .formatted(
                        what,
                        number(measured.mean()),
                        measured.unit(),
                        number(measured.lower()),
                        number(measured.upper()),
                        measured.n());
    }

    private static GateResult result(Measurement measured, GateResult.Outcome outcome, String reason) {
        return new GateResult(measured.name(), outcome, reason);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%+.3f", value);
    }
}
