package io.adaptermill.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.cli.policy.PolicyReader.Reading;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.Approval;
import io.adaptermill.schemas.policy.Canary;
import io.adaptermill.schemas.policy.GateRule;
import io.adaptermill.schemas.policy.Practice;
import io.adaptermill.schemas.policy.Privacy;
import io.adaptermill.schemas.policy.Quantity;
import io.adaptermill.schemas.policy.Ranks;
import io.adaptermill.schemas.policy.Variant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyReaderTest {
    private static final String HEAD = """
            apiVersion: adaptermill/v1
            kind: TenantPolicy
            metadata:
              name: acme
            """;

    @Test
    void what_a_document_does_not_say_is_at_its_default() {
        // When
        Reading reading = PolicyReader.read(HEAD);

        // Then
        assertThat(reading)
                .isEqualTo(new Reading.Valid(List.of(
                        new PolicyDocument(new TenantId("acme"), false, TenantPolicy.withDefaults(List.of())))));
    }

    @Test
    void every_kind_of_value_is_read() {
        // When
        TenantPolicy policy = valid(HEAD + """
                spec:
                  batch: {ageMax: PT20S, examplesMax: 32}
                  recipe:
                    learningRate: 3e-4
                    variant: {kind: adalora, targetRank: 3}
                    ranks:
                      patterns:
                        - {modules: q_proj, rank: 2, alpha: 4}
                      allocation:
                        budget: 99
                    practice:
                      checkpointing: true
                      schedule: 'cosine'
                    privacy: {epsilonMax: 6}
                  gate:
                    approval: person
                """);

        // Then
        assertThat(policy.batch().ageMax()).isEqualTo(Duration.ofSeconds(20));
        assertThat(policy.batch().examplesMax()).isEqualTo(32);
        assertThat(policy.recipe().learningRate()).isEqualTo(3e-4);
        assertThat(policy.recipe().variant()).contains(new Variant.AdaLora(3, 0.1, 0.3, 0.85, 0.85, 0.5));
        assertThat(policy.recipe().ranks())
                .contains(new Ranks(
                        List.of(new Ranks.RankPattern("q_proj", 2, 4)),
                        Optional.of(new Ranks.Allocation(Ranks.Importance.GRADIENT_NORM, 99))));
        assertThat(policy.recipe().practice().map(Practice::checkpointing)).contains(true);
        assertThat(policy.recipe().privacy()).contains(new Privacy(1, 2, 6, 1e-5));
        assertThat(policy.gate().approval()).contains(Approval.PERSON);
    }

    @Test
    void rules_are_read_as_deep_as_they_go() {
        // When
        TenantPolicy policy = valid(HEAD + """
                spec:
                  gate:
                    rule:
                      kind: allOf
                      rules:
                        - kind: standard
                        - kind: atLeast
                          count: 1
                          rules:
                            - {kind: shownAbove, quantity: preference.accuracy.gain, limit: 0}
                            - {kind: notShownAbove, quantity: drift.kl, limit: 0.5}
                    canaries:
                      - {prompt: "What is the code?", secret: heron-4711}
                """);

        // Then
        assertThat(policy.gate().rule())
                .contains(new GateRule.AllOf(List.of(
                        new GateRule.Standard(),
                        new GateRule.AtLeast(
                                1,
                                List.of(
                                        new GateRule.ShownAbove(Quantity.PREFERENCE_ACCURACY_GAIN, 0),
                                        new GateRule.NotShownAbove(Quantity.DRIFT_KL, 0.5))))));
        assertThat(policy.gate().canaries()).contains(List.of(new Canary("What is the code?", "heron-4711")));
    }

    @Test
    void a_rule_names_measurements_that_there_are_and_keeps_the_error_budget() {
        // Given
        String rule = HEAD + "spec: {gate: {rule: {kind: allOf, rules: [%s]}}}";

        // When
        List<String> misspelt = invalid(rule.formatted("{kind: noneAbove, quantity: drift.lk, limit: 1}"));
        List<String> idle = invalid(rule.formatted("{kind: noneAbove, quantity: drift.kl, limit: 1}"));

        // Then
        assertThat(misspelt)
                .singleElement()
                .asString()
                .contains("spec.gate.rule.rules[0].quantity must be one of", "did you mean drift.kl?");
        assertThat(idle).singleElement().asString().contains("spec.gate.rule must ask for improvement or standard");
    }

    @Test
    void all_that_is_wrong_is_told_at_once_with_its_place() {
        // When
        List<String> problems = invalid("""
                apiVersion: adaptermill/v2
                kind: TenantPolicy
                metadata:
                  name: Acme Ltd
                spec:
                  batch:
                    exampelsMax: 32
                    ageMax: 15m
                  recipe:
                    rank: 0
                    epochs: "2"
                    variant:
                      kind: lroaplus
                    ranks:
                      patterns:
                        - {modules: q_proj, rank: two, alpha: 4}
                    practice:
                      schedule: cosin
                      checkpointing: yes
                  gate: [1]
                  holdout:
                """);

        // Then
        assertThat(problems)
                .satisfiesExactly(
                        problem -> assertThat(problem).startsWith("1:13 apiVersion must be adaptermill/v1"),
                        problem -> assertThat(problem).startsWith("4:9 metadata.name names no tenant"),
                        problem -> assertThat(problem)
                                .startsWith("7:5 spec.batch.exampelsMax is not a field; did you mean examplesMax?")
                                .contains("Allowed: examplesMax, tokensMax"),
                        problem -> assertThat(problem)
                                .startsWith("8:13 spec.batch.ageMax must be a text of this form, was 15m")
                                .contains("ISO 8601"),
                        problem -> assertThat(problem)
                                .startsWith("10:11 spec.recipe.rank must be a whole number from 1 to 256, was 0"),
                        problem -> assertThat(problem)
                                .startsWith(
                                        "11:13 spec.recipe.epochs must be a whole number from 1 to 100, was the text"),
                        problem -> assertThat(problem)
                                .startsWith(
                                        "13:13 spec.recipe.variant.kind has no kind lroaplus; did you mean loraplus?"),
                        problem -> assertThat(problem)
                                .startsWith("16:35 spec.recipe.ranks.patterns[0].rank must be a whole number"),
                        problem -> assertThat(problem)
                                .contains("18:17 spec.recipe.practice.schedule", "did you mean cosine?"),
                        problem -> assertThat(problem)
                                .startsWith("19:22 spec.recipe.practice.checkpointing must be true or false, was yes"),
                        problem -> assertThat(problem).startsWith("20:9 spec.gate must be a mapping of alpha"),
                        problem -> assertThat(problem).startsWith("21:11 spec.holdout has no value"));
    }

    @Test
    void limits_between_fields_are_told_at_the_field_for_each_part() {
        // When
        List<String> problems = invalid(HEAD + """
                spec:
                  gate:
                    holdoutExamplesMin: 80
                    holdoutExamplesMax: 40
                  recipe:
                    rank: 2
                    variant: {kind: dylora, rankMin: 4}
                """);

        // Then
        assertThat(problems)
                .satisfiesExactly(
                        problem -> assertThat(problem)
                                .isEqualTo("8:25 spec.gate.holdoutExamplesMax must be in [80, 100000], was 40"),
                        problem -> assertThat(problem)
                                .startsWith(
                                        "10:5 spec.recipe cannot be: targetRank and rankMin must not exceed rank 2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metadata: {name: acme}|1:1 apiVersion is missing",
                "a: &x {b: *x}|must not be an anchor",
                "a: !!javax.script.ScriptEngineManager []|1:4  is not YAML here: Global tag is not allowed",
                "a: !secret b|must not have a tag",
                "a: 1\\na: 2|2:1 a stands twice",
                "a: [1|is not YAML here",
                "[1]|must be a mapping of apiVersion, kind, metadata, spec",
                "acme|must be a mapping of apiVersion",
                "? [a]\\n: 1|must have names as keys"
            })
    void what_is_no_such_document_is_refused(String text, String said) {
        // When / Then
        assertThat(String.join("\n", invalid(text.replace("\\n", "\n")))).contains(said);
    }

    @Test
    void an_empty_file_says_what_it_must_hold() {
        // When / Then
        assertThat(invalid("# nothing yet\n")).singleElement().asString().contains("must hold a policy");
    }

    @Test
    void a_file_is_about_several_tenants_each_once() {
        // Given
        String globex = HEAD.replace("acme", "globex");

        // When
        Reading two = PolicyReader.read(HEAD + "---\n" + globex);
        List<String> twice = invalid(HEAD + "---\n" + HEAD);

        // Then
        assertThat(two)
                .isInstanceOfSatisfying(
                        Reading.Valid.class,
                        valid -> assertThat(valid.documents())
                                .extracting(PolicyDocument::tenant)
                                .containsExactly(new TenantId("acme"), new TenantId("globex")));
        assertThat(twice).singleElement().asString().contains("acme has a policy above already");
    }

    @ParameterizedTest
    @CsvSource({"aplha,alpha,1", "alpha,alpha,0", "examplMax,examplesMax,2", "AGEMAX,ageMax,0", "a,bcd,3"})
    void spelling_counts_letters_to_correct(String word, String known, int letters) {
        // When / Then
        assertThat(Spelling.distance(word, known)).isEqualTo(letters);
    }

    private static TenantPolicy valid(String text) {
        return switch (PolicyReader.read(text)) {
            case Reading.Valid(List<PolicyDocument> documents) ->
                documents.getFirst().policy();
            case Reading.Invalid(List<Problem> problems) -> throw new AssertionError(problems.toString());
        };
    }

    private static List<String> invalid(String text) {
        return switch (PolicyReader.read(text)) {
            case Reading.Valid valid -> throw new AssertionError(valid.toString());
            case Reading.Invalid(List<Problem> problems) ->
                problems.stream()
                        .map(problem -> problem.place() + " " + problem.path() + " " + problem.what())
                        .toList();
        };
    }
}
