package io.adaptermill.bench.continual;

import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// One task: messages, and the team that takes each.
///
/// @param lessons to train on
/// @param questions to test with
public record Desk(String name, List<Example> lessons, List<Question> questions) {
    /// Messages of a team that are kept for testing.
    private static final int TESTS = 3;

    public record Question(Prompt prompt, String team) {}

    public Desk {
        lessons = List.copyOf(lessons);
        questions = List.copyOf(questions);
    }

    public static List<Desk> all() {
        List<Desk> desks = new ArrayList<>();
        Map<String, List<String>> teams = new LinkedHashMap<>();
        String desk = "";
        String team = "";
        for (String line : lines()) {
            if (line.startsWith("#")) continue;
            if (line.startsWith("desk ")) {
                if (!teams.isEmpty()) desks.add(of(desk, teams));
                teams.clear();
                desk = line.substring(5);
            } else if (line.startsWith("team ")) {
                team = line.substring(5);
                teams.put(team, new ArrayList<>());
            } else {
                Objects.requireNonNull(teams.get(team), team).add(line);
            }
        }
        desks.add(of(desk, teams));
        return List.copyOf(desks);
    }

    private static Desk of(String name, Map<String, List<String>> teams) {
        List<Example> lessons = new ArrayList<>();
        List<Question> questions = new ArrayList<>();
        teams.forEach((team, messages) -> {
            int trained = messages.size() - TESTS;
            for (String message : messages.subList(0, trained)) {
                lessons.add(new Example.Demonstration(prompt(message), team));
            }
            for (String message : messages.subList(trained, messages.size())) {
                questions.add(new Question(prompt(message), team));
            }
        });
        return new Desk(name, lessons, questions);
    }

    private static Prompt prompt(String message) {
        return Prompt.ofUser("Which team takes this message? " + message);
    }

    private static List<String> lines() {
        try (InputStream in = Objects.requireNonNull(Desk.class.getResourceAsStream("tasks.txt"));
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
