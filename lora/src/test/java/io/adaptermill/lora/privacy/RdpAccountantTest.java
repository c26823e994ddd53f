package io.adaptermill.lora.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.artifacts.PrivacyLedger;
import io.adaptermill.lora.Golden;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Against dp-accounting and Opacus (`make_privacy_golden.py`).
class RdpAccountantTest {
    static List<JsonNode> runs() {
        return StreamSupport.stream(Golden.json("privacy.json").get("spent").spliterator(), false)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void a_lineage_has_spent_what_two_other_accountants_say(JsonNode run) {
        // Given
        PrivacyLedger ledger = PrivacyLedger.EMPTY;
        for (JsonNode part : run.get("lineage")) {
            PrivacyLedger.Step step =
                    new PrivacyLedger.Step(part.get(0).asDouble(), part.get(1).asDouble());
            ledger = ledger.plus(step, part.get(2).asLong());
        }

        // When
        double epsilon = RdpAccountant.epsilon(ledger, run.get("delta").asDouble());

        // Then
        assertThat(epsilon).isCloseTo(run.get("dp_accounting").asDouble(), within(1e-9 * Math.max(1, epsilon)));
        assertThat(epsilon).isCloseTo(Math.max(0, run.get("opacus").asDouble()), within(1e-9 * Math.max(1, epsilon)));
        // Orders between the whole ones gain a few hundredths: what is told is an upper bound.
        assertThat(epsilon).isGreaterThanOrEqualTo(run.get("with_fractions").asDouble() - 1e-9);
    }

    @Test
    void an_empty_ledger_has_spent_nothing_and_every_step_costs() {
        // Given
        PrivacyLedger.Step step = new PrivacyLedger.Step(1, 0.25);
        PrivacyLedger one = PrivacyLedger.EMPTY.plus(step, 1);

        // When / Then
        assertThat(RdpAccountant.epsilon(PrivacyLedger.EMPTY, 1e-5)).isZero();
        assertThat(RdpAccountant.epsilon(one.plus(step, 1), 1e-5)).isGreaterThan(RdpAccountant.epsilon(one, 1e-5));
    }

    @Test
    void a_ledger_is_its_text() {
        // Given
        PrivacyLedger ledger = PrivacyLedger.EMPTY
                .plus(new PrivacyLedger.Step(1.1, 1.0 / 3), 12)
                .plus(new PrivacyLedger.Step(1.1, 1.0 / 3), 6)
                .plus(new PrivacyLedger.Step(0.7, 1), 3);

        // When / Then
        assertThat(ledger.text()).isEqualTo("0.7 x 1.0 x 3; 1.1 x 0.3333333333333333 x 18");
        assertThat(PrivacyLedger.parse(ledger.text())).isEqualTo(ledger);
        for (String wrong : List.of("", "1 x 1", "1 x 2 x 3", "0 x 0.5 x 3", "1 x 0.5 x 0", "a x 0.5 x 1")) {
            assertThatThrownBy(() -> PrivacyLedger.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
