package io.adaptermill.evaluator.gate;

import static io.adaptermill.schemas.event.GateResult.Outcome.FAILED;
import static io.adaptermill.schemas.event.GateResult.Outcome.INCONCLUSIVE;
import static io.adaptermill.schemas.event.GateResult.Outcome.PASSED;

import io.adaptermill.schemas.event.GateResult;
import io.adaptermill.schemas.event.Measurement;
import java.util.Locale;

/// One condition on one measurement, judged by the interval and never by the mean alone.
public sealed interface Gate {
    GateResult judge(Measurement measured);

    /// The hold-out must be shown to be better than with the champion.
    ///
    /// @param natsMin the improvement must be shown to exceed this
    record Improvement(double natsMin, int examplesMin) implements Gate {
        @Override
        public GateResult judge(Measurement measured) {
            String what = "hold-out loss " + lower(measured);
            if (measured.upper() < Math.min(natsMin, 0)) return result(measured, FAILED, what + ": shown to be worse");
            if (measured.n() < examplesMin) {
                return result(measured, INCONCLUSIVE, what + ": fewer than " + examplesMin + " examples never decide");
            }
            return measured.lower() > natsMin
                    ? result(measured, PASSED, what)
                    : result(measured, INCONCLUSIVE, what + ": not shown to be better by more than " + number(natsMin));
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

    private static String rise(String what, Measurement measured) {
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
