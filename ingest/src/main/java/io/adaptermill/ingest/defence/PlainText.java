package io.adaptermill.ingest.defence;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Text as it looks, not as it is coded: what a reader would take for the same words becomes the same characters.
///
/// Compatibility forms (NFKC), marks, invisible characters, capitals and the letters of [#LOOKALIKES] are folded;
/// all but letters and digits becomes one space. Only for comparing: no model is ever taught it.
///
/// Source of the lookalikes: Unicode Technical Standard 39, confusables, those of Latin letters in Cyrillic and Greek.
final class PlainText {
    /// Pairs of a lookalike and the Latin letter that it looks like.
    private static final String LOOKALIKES =
            "аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwвbкkмmнhтtгrпnиu" + "αaοoρpνvτtυuιiκkχxεeηnβbγyωwσo";

    private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}\\u115f\\u1160\\u3164]+");
    private static final Pattern OTHER = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{Cf}&&[^\\u00ad]]{3,}");
    private static final Pattern LATIN = Pattern.compile("\\p{IsLatin}");
    private static final Pattern FOREIGN = Pattern.compile("[\\p{IsCyrillic}\\p{IsGreek}]");
    private static final Pattern HIDDEN = Pattern.compile("\\p{IsLatin}\\p{Cf}+\\p{IsLatin}");

    private PlainText() {}

    static String of(String text) {
        String composed = INVISIBLE
                .matcher(Normalizer.normalize(text, Normalizer.Form.NFKC))
                .replaceAll("");
        String bare = MARKS.matcher(Normalizer.normalize(composed, Normalizer.Form.NFKD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
        return OTHER.matcher(latin(bare)).replaceAll(" ").strip();
    }

    /// Words that are no word of any one alphabet: Latin letters mixed with Cyrillic or Greek ones, or with
    /// invisible characters between them. People of several languages write words of each, not such.
    static int disguises(String text) {
        int disguises = 0;
        Matcher words = WORD.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC));
        while (words.find()) {
            String word = words.group();
            boolean isMixed =
                    LATIN.matcher(word).find() && FOREIGN.matcher(word).find();
            if (isMixed || HIDDEN.matcher(word).find()) disguises++;
        }
        return disguises;
    }

    private static String latin(String lower) {
        StringBuilder folded = new StringBuilder(lower.length());
        for (int i = 0; i < lower.length(); i++) {
            int at = lower.charAt(i) < 0x80 ? -1 : LOOKALIKES.indexOf(lower.charAt(i));
            folded.append(at >= 0 && at % 2 == 0 ? LOOKALIKES.charAt(at + 1) : lower.charAt(i));
        }
        return folded.toString();
    }
}
