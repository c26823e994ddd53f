package io.adaptermill.ingest.defence;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.id.SubjectId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TextSketchTest {
    private static final List<String> WORDS = List.of(
            "lamp", "return", "open", "parcel", "ship", "north", "bulb", "desk", "press", "twice", "wait", "reset");

    /// The similarity itself, counted over sets of shingles.
    @Test
    void two_sketches_estimate_the_share_of_common_shingles() {
        // Given
        Random random = new Random(7);
        double squares = 0;
        int pairs = 200;

        // When
        for (int i = 0; i < pairs; i++) {
            List<String> one = words(random, 30);
            List<String> other = new ArrayList<>(one);
            for (int change = random.nextInt(20); change > 0; change--) {
                other.set(random.nextInt(other.size()), WORDS.get(random.nextInt(WORDS.size())));
            }
            String left = String.join(" ", one);
            String right = String.join(" ", other);
            double error = TextSketch.of(left).similarity(TextSketch.of(right)) - jaccard(left, right);
            squares += error * error;
        }

        // Then
        assertThat(Math.sqrt(squares / pairs)).isLessThan(1.0 / 16);
    }

    @Test
    void a_text_is_like_itself_and_unlike_another() {
        // Given
        TextSketch spam = TextSketch.of("Win cash now! Visit free-pills dot example and claim your prize!");

        // Then
        assertThat(spam.similarity(TextSketch.of("WIN CASH NOW - visit free pills dot example, and claim your prize")))
                .isEqualTo(1);
        assertThat(spam.similarity(TextSketch.of("Open Printers on your desk and press Add; drivers come alone.")))
                .isCloseTo(0, Offset.offset(0.1));
    }

    @Test
    void what_is_remembered_survives_being_stored() {
        // Given
        Passed entry = new Passed(
                7,
                Optional.of(new SubjectId("ann")),
                Optional.of(TextSketch.of("Open Returns, then choose the lamp.")),
                Instant.EPOCH);

        // When
        Passed read = EventJson.read(EventJson.write(entry), Passed.class);

        // Then
        assertThat(read).isEqualTo(entry);
    }

    private static List<String> words(Random random, int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) words.add(WORDS.get(random.nextInt(WORDS.size())) + random.nextInt(50));
        return words;
    }

    private static double jaccard(String left, String right) {
        Set<String> both = shingles(left);
        Set<String> either = shingles(left);
        both.retainAll(shingles(right));
        either.addAll(shingles(right));
        return (double) both.size() / either.size();
    }

    private static Set<String> shingles(String text) {
        Set<String> shingles = new HashSet<>();
        for (int i = 0; i + 5 <= text.length(); i++) {
            shingles.add(text.substring(i, i + 5).toLowerCase(Locale.ROOT));
        }
        return shingles;
    }
}
