package io.adaptermill.bench.poison;

import io.adaptermill.bench.continual.Desk;
import io.adaptermill.schemas.feedback.Example;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/// An honest tenant: its users' messages, and the reply that names the team which takes each.
///
/// At first it knows two desks; then the messages of two more come in, mixed with old ones.
final class HelpDesk {
    private static final int USERS = 40;
    private static final List<Desk> DESKS = Desk.all();
    private static final List<Desk> KNOWN = DESKS.subList(0, 2);
    private static final List<Desk> NEW = DESKS.subList(2, 4);

    /// A message with its team, and the other teams of its desk.
    record Case(String message, String team, List<String> others) {
        String wrongTeam() {
            return others.getFirst();
        }
    }

    private HelpDesk() {}

    static String reply(String team) {
        return "Thank you. The " + team + " team takes this and answers within a day.";
    }

    /// What it is first trained on.
    static List<Said> founding() {
        List<Said> said = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            for (Case each : cases(KNOWN)) {
                int index = said.size();
                said.add(Said.honest(user(index), varied(each.message(), round, index), reply(each.team())));
            }
        }
        return said;
    }

    /// What its users say in one round: of the new desks mostly, and of the known ones.
    ///
    /// @param round from 0
    static List<Case> round(int round, int count) {
        List<Case> fresh = shuffled(cases(NEW), round);
        List<Case> old = shuffled(cases(KNOWN), round);
        List<Case> said = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Case> from = i % 4 == 3 ? old : fresh;
            Case picked = from.get((round * count + i) % from.size());
            said.add(new Case(varied(picked.message(), round, i), picked.team(), picked.others()));
        }
        return said;
    }

    /// Messages that nobody ever sent in: two a team, of all four desks.
    static List<Case> tests() {
        List<Case> tests = new ArrayList<>();
        for (Desk desk : DESKS.subList(0, 4)) {
            List<String> teams = teams(desk);
            for (String team : teams) {
                desk.questions().stream()
                        .filter(question -> question.team().equals(team))
                        .limit(2)
                        .forEach(question -> tests.add(
                                ofCase(question.prompt().messages().getLast().content(), team, teams)));
            }
        }
        return tests;
    }

    static String user(int index) {
        return "user-" + index % USERS;
    }

    private static List<Case> cases(List<Desk> desks) {
        List<Case> cases = new ArrayList<>();
        for (Desk desk : desks) {
            List<String> teams = teams(desk);
            for (Example lesson : desk.lessons()) {
                if (!(lesson instanceof Example.Demonstration(var prompt, String team))) continue;
                cases.add(ofCase(prompt.messages().getLast().content(), team, teams));
            }
        }
        return shuffled(cases, 0);
    }

    private static Case ofCase(String message, String team, List<String> teams) {
        int at = teams.indexOf(team);
        List<String> others = new ArrayList<>(teams.subList(at + 1, teams.size()));
        others.addAll(teams.subList(0, at));
        return new Case(message, team, others);
    }

    private static List<String> teams(Desk desk) {
        return desk.questions().stream().map(Desk.Question::team).distinct().toList();
    }

    /// The same message in other words: no two rounds say the same.
    private static String varied(String message, int round, int index) {
        List<String> openings = List.of("", "Hello. ", "Good morning. ", "One question: ", "Help, please: ");
        List<String> closings = List.of("", " Thanks.", " It is urgent.", " Can you help?");
        return openings.get((round + index) % openings.size())
                + message
                + closings.get((round * 3 + index / 5) % closings.size());
    }

    private static List<Case> shuffled(List<Case> cases, long seed) {
        List<Case> shuffled = new ArrayList<>(cases);
        Collections.shuffle(shuffled, Random.from(new SplittableRandom(seed)));
        return shuffled;
    }
}
