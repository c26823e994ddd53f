package io.adaptermill.ingest.defence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTextTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "capitals and marks, '  WIN—CASH,\tnow!! ', win cash now",
        "Cyrillic lookalikes, 'W\u0456n \u0441\u0430sh n\u043ew', win cash now",
        "Greek lookalikes, 'w\u03b9n cash n\u03bfw', win cash now",
        "full width, '\uff37\uff29\uff2e cash now', win cash now",
        "mathematical letters, '\ud835\udc30\ud835\udc22\ud835\udc27 cash now', win cash now",
        "accents, 'wìn câsh nöw', win cash now",
        "invisible characters, 'w\u200bin ca\u00adsh n\u2060ow', win cash now",
    })
    void what_looks_the_same_is_the_same(String how, String text, String plain) {
        assertThat(PlainText.of(text)).as(how).isEqualTo(plain);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "plain, 'Open Returns, then choose the lamp.', 0",
        "Russian, 'Откройте возвраты и выберите лампу', 0",
        "Greek, 'Ανοίξτε τις επιστροφές', 0",
        "two languages in one sentence, 'Press Возвраты in the menu', 0",
        "units, 'a 10 k\u03a9 resistor and 5 \u00b5m of foil', 0",
        "a soft hyphen, 'ca\u00adsh', 0",
        "a joined emoji, 'hello \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67', 0",
        "one Cyrillic letter, 'p\u0430ssword', 1",
        "two words, 'fr\u0435\u0435 \u0441ash', 2",
        "a hidden space, 'pass\u200bword', 1",
    })
    void words_of_no_alphabet_are_disguises(String how, String text, int disguises) {
        assertThat(PlainText.disguises(text)).as(how).isEqualTo(disguises);
    }
}
