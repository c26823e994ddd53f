package io.adaptermill.cli.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// hh-rlhf's rows: `chosen` and `rejected` are whole transcripts with `\n\nHuman: ` and `\n\nAssistant: ` before the
/// turns.
final class HhRlhfFormat implements Format {
    private static final Pattern TURN = Pattern.compile("\n\n(Human|Assistant):");

    @Override
    public String name() {
        return "hh-rlhf (transcripts)";
    }

    @Override
    public boolean fits(JsonNode row) {
        return row.path("chosen").asText("").startsWith("\n\nHuman:")
                && row.path("rejected").isTextual();
    }

    @Override
    public List<Feedback> read(JsonNode row) {
        return List.of(TrlPreferenceFormat.pair(
                turns(row.path("chosen").asText()), turns(row.path("rejected").asText())));
    }

    private static List<Message> turns(String transcript) {
        List<Message> turns = new ArrayList<>();
        Matcher matcher = TURN.matcher(transcript);
        boolean more = matcher.find();
        while (more) {
            Message.Role role = matcher.group(1).equals("Human") ? Message.Role.USER : Message.Role.ASSISTANT;
            int start = matcher.end();
            more = matcher.find();
            String text = transcript
                    .substring(start, more ? matcher.start() : transcript.length())
                    .strip();
            if (text.isEmpty()) throw new Unusable("empty turn");
            turns.add(new Message(role, text));
        }
        return turns;
    }
}
