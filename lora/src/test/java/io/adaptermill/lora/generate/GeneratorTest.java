package io.adaptermill.lora.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.Golden;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.schemas.feedback.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private static final int CONTEXT = 128;

    private final BaseModel base = BaseModel.open(Golden.path("tiny-q4_1.gguf"));
    private final Generator generator = new Generator(base, 1, CONTEXT);

    @AfterEach
    void close() {
        generator.close();
        base.close();
    }

    @Test
    void answers_side_by_side_are_what_each_would_be_alone() {
        // Given: greedy and sampled requests of four versions, joining and leaving at different times
        List<GenerationRequest> requests = new ArrayList<>();
        List<Optional<LoadedAdapter>> adapters = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Sampling sampling = i % 3 == 0 ? Sampling.GREEDY : new Sampling(1, 0.9, i);
            requests.add(request("question " + "x".repeat(5 * i), 5 + 3 * i, sampling));
            adapters.add(i % 4 == 0 ? Optional.empty() : Optional.of(generator.load(adapter(i % 4))));
        }
        List<GenerationResult> alone = new ArrayList<>();
        for (int i = 0; i < 12; i++) alone.add(generator.generate(requests.get(i), adapters.get(i), _ -> {}));

        // When
        List<Generation> running = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            running.add(generator.start(requests.get(i), adapters.get(i), _ -> {}));
            generator.step(running);
        }
        while (running.stream().anyMatch(answer -> !answer.isFinished())) generator.step(running);

        // Then
        assertThat(running.stream().map(Generation::result)).isEqualTo(alone);
        assertThat(alone.stream().map(GenerationResult::text).distinct().count())
                .isGreaterThan(6);
    }

    @Test
    void a_prefix_read_before_changes_no_answer_and_is_never_another_adapters() {
        // Given: prompts that share their beginning, each answered by a generator that has read nothing yet
        List<GenerationRequest> requests = List.of(
                request("what is the answer", 20, Sampling.GREEDY), request("what is the house", 20, Sampling.GREEDY));
        List<Adapter> adapters = List.of(adapter(1), adapter(2));
        List<GenerationResult> expected = new ArrayList<>();
        for (Adapter adapter : adapters) {
            for (GenerationRequest request : requests) {
                try (Generator fresh = new Generator(base, 1, CONTEXT)) {
                    expected.add(fresh.generate(request, Optional.of(fresh.load(adapter)), _ -> {}));
                }
            }
        }

        // When
        List<GenerationResult> actual = new ArrayList<>();
        List<LoadedAdapter> loaded = adapters.stream().map(generator::load).toList();
        for (LoadedAdapter adapter : loaded) {
            for (GenerationRequest request : requests) {
                generator.generate(request, Optional.of(adapter), _ -> {});
                actual.add(generator.generate(request, Optional.of(adapter), _ -> {}));
            }
        }

        // Then
        assertThat(actual).isEqualTo(expected);
        Generation next = generator.start(requests.getFirst(), Optional.of(loaded.getFirst()), _ -> {});
        assertThat(next.unread()).as("a prefix is known").isLessThan(next.prompt().length);
        assertThat(generator
                        .start(requests.getFirst(), Optional.empty(), _ -> {})
                        .unread())
                .as("not to the base")
                .isEqualTo(next.prompt().length);
    }

    @Test
    void the_pieces_of_a_streamed_answer_are_its_text_and_split_no_character() {
        // Given: bytes of random weights are mostly broken UTF-8
        StringBuilder streamed = new StringBuilder();
        List<String> pieces = new ArrayList<>();

        // When
        GenerationResult result =
                generator.generate(request("hello", 120, new Sampling(1.5, 1, 3)), Optional.empty(), piece -> {
                    pieces.add(piece);
                    streamed.append(piece);
                });

        // Then
        assertThat(streamed.toString()).isEqualTo(result.text());
        assertThat(pieces).noneMatch(String::isEmpty).allMatch(GeneratorTest::isWhole);
    }

    @Test
    void a_stop_string_ends_the_answer_before_it() {
        // Given
        GenerationRequest free = request("hello", 40, Sampling.GREEDY);
        String whole = generator.generate(free, Optional.empty(), _ -> {}).text();
        String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 2);
        GenerationRequest stopped =
                new GenerationRequest(free.prompt(), free.tokensMax(), free.sampling(), List.of(stop));

        // When
        GenerationResult result = generator.generate(stopped, Optional.empty(), _ -> {});

        // Then
        assertThat(result.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(result.finish()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void an_answer_ends_at_its_limit_or_where_the_context_ends() {
        // When
        GenerationResult limited = generator.generate(request("hello", 3, Sampling.GREEDY), Optional.empty(), _ -> {});
        GenerationResult full =
                generator.generate(request("hello", 10_000, new Sampling(2, 1, 1)), Optional.empty(), _ -> {});

        // Then
        assertThat(limited.completionTokens()).isLessThanOrEqualTo(3);
        assertThat(full.promptTokens() + full.completionTokens()).isLessThanOrEqualTo(CONTEXT);
    }

    @Test
    void a_conversation_without_room_for_an_answer_is_refused_with_its_size() {
        assertThatThrownBy(() ->
                        generator.start(request("7 ".repeat(400), 10, Sampling.GREEDY), Optional.empty(), _ -> {}))
                .isInstanceOf(ContextExceeded.class)
                .hasMessageContaining("context of " + CONTEXT)
                .hasMessageContaining("shorten");
    }

    @Test
    void an_adapter_of_another_shape_is_refused_by_name() {
        // Given
        ModelConfig config = base.config();
        SortedMap<String, LowRank> modules = new TreeMap<>();
        modules.put(
                Linear.Q.path(0), new LowRank(FloatTensor.zeros(2, config.hidden() + 16), FloatTensor.zeros(64, 2)));
        Adapter foreign =
                new Adapter(new LoraConfig(2, 4, new TreeSet<>(List.of("q_proj"))), modules, Optional.empty());

        // When, Then
        assertThatThrownBy(() -> generator.load(foreign))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model.layers.0.self_attn.q_proj must map 64 to 64");
    }

    private static GenerationRequest request(String prompt, int tokensMax, Sampling sampling) {
        return new GenerationRequest(Prompt.ofUser(prompt), tokensMax, sampling, List.of());
    }

    /// Half a surrogate pair would be half a character.
    private static boolean isWhole(String piece) {
        return !Character.isLowSurrogate(piece.charAt(0))
                && !Character.isHighSurrogate(piece.charAt(piece.length() - 1));
    }

    private Adapter adapter(long seed) {
        TreeSet<String> targets = new TreeSet<>();
        Stream.of(Linear.values()).map(Linear::target).forEach(targets::add);
        SortedMap<String, LowRank> modules = new TreeMap<>();
        ModelConfig config = base.config();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Linear linear : Linear.values()) {
                String path = linear.path(layer);
                modules.put(
                        path,
                        new LowRank(
                                numbers(seed, path + "a", 4, linear.in(config)),
                                numbers(seed, path + "b", linear.out(config), 4)));
            }
        }
        return new Adapter(new LoraConfig(4, 8, targets), modules, Optional.empty());
    }

    private static FloatTensor numbers(long seed, String name, int rows, int columns) {
        CounterRandom random = new CounterRandom(seed, name);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) values[i] = 0.3f * random.symmetric(i);
        return new FloatTensor(rows, columns, values);
    }
}
