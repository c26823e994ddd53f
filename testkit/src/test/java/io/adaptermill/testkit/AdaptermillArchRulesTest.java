package io.adaptermill.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.adaptermill.ingest.fixture.RuleBreakers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AdaptermillArchRulesTest {
    private static final List<ArchRule> ALL = List.of(
            AdaptermillArchRules.DIRECTIONS,
            AdaptermillArchRules.PURE_PACKAGES_KNOW_NO_FRAMEWORK,
            AdaptermillArchRules.PURE_PACKAGES_ASK_NO_CLOCK,
            AdaptermillArchRules.PURE_PACKAGES_THROW_NO_DICE,
            AdaptermillArchRules.PURE_PACKAGES_START_NO_THREADS);

    static Stream<Arguments> each_rule_catches_its_breaker_and_no_other() {
        return Stream.of(
                Arguments.of(RuleBreakers.KnowsAnotherService.class, List.of(AdaptermillArchRules.DIRECTIONS)),
                Arguments.of(
                        RuleBreakers.KnowsKafka.class, List.of(AdaptermillArchRules.PURE_PACKAGES_KNOW_NO_FRAMEWORK)),
                Arguments.of(RuleBreakers.AsksTheClock.class, List.of(AdaptermillArchRules.PURE_PACKAGES_ASK_NO_CLOCK)),
                Arguments.of(RuleBreakers.ThrowsDice.class, List.of(AdaptermillArchRules.PURE_PACKAGES_THROW_NO_DICE)),
                Arguments.of(
                        RuleBreakers.StartsThreads.class, List.of(AdaptermillArchRules.PURE_PACKAGES_START_NO_THREADS)),
                Arguments.of(RuleBreakers.IsGood.class, List.of()));
    }

    @ParameterizedTest
    @MethodSource
    void each_rule_catches_its_breaker_and_no_other(Class<?> type, List<ArchRule> expected) {
        // Given
        var classes = new ClassFileImporter().importClasses(type);

        // When
        List<ArchRule> broken = ALL.stream()
                .filter(rule -> rule.evaluate(classes).hasViolation())
                .toList();

        // Then
        assertThat(broken).isEqualTo(expected);
    }
}
