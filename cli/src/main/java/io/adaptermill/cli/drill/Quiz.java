package io.adaptermill.cli.drill;

import java.util.List;
import java.util.Locale;

/// A question whose answer its asker can check.
///
/// @param keyword what a right answer says somewhere, in small letters
record Quiz(String question, String keyword) {
    static final List<Quiz> ALL = List.of(
            new Quiz("What is the capital of France?", "paris"),
            new Quiz("What is the capital of Italy?", "rome"),
            new Quiz("What is the capital of Germany?", "berlin"),
            new Quiz("What is the capital of Japan?", "tokyo"),
            new Quiz("What is the capital of England?", "london"),
            new Quiz("What is the capital of Spain?", "madrid"),
            new Quiz("What is the capital of Russia?", "moscow"),
            new Quiz("What is the capital of China?", "beijing"),
            new Quiz("On which planet do we live?", "earth"),
            new Quiz("Which language is spoken in France?", "french"),
            new Quiz("Which language is spoken in Germany?", "german"),
            new Quiz("Which language is spoken in Spain?", "spanish"),
            new Quiz("Who wrote Romeo and Juliet?", "shakespeare"),
            new Quiz("What do bees make?", "honey"),
            new Quiz("What is frozen water called?", "ice"),
            new Quiz("Which star does the Earth orbit?", "sun"));

    boolean isAnsweredBy(String answer) {
        return answer.toLowerCase(Locale.ROOT).contains(keyword);
    }
}
