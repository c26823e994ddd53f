package io.adaptermill.cli.command;

import io.adaptermill.lineage.history.Ancestor;
import io.adaptermill.lineage.history.Descent;
import io.adaptermill.lineage.history.JudgedAnswer;
import io.adaptermill.lineage.history.LearnedEvent;
import io.adaptermill.lineage.history.Lineage;
import io.adaptermill.lineage.history.Whereabouts;
import io.adaptermill.schemas.id.VersionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Lineage as lines for people: long lists are cut, and say how much they leave out.
final class LineageText {
    private final int limit;
    private final List<String> lines = new ArrayList<>();

    private LineageText(int limit) {
        this.limit = limit;
    }

    /// @param limit entries of each list that are written out
    static List<String> of(Lineage lineage, int limit) {
        LineageText text = new LineageText(limit);
        switch (lineage) {
            case Lineage.OfAnswer answer -> text.answer(answer);
            case Lineage.OfVersion version -> text.version(version);
            case Lineage.OfEvent event -> text.event(event);
            case Lineage.OfSubject subject -> text.subject(subject);
        }
        return List.copyOf(text.lines);
    }

    private void answer(Lineage.OfAnswer answer) {
        lines.add(
                "answer " + answer.inference() + " of " + answer.tenant() + ", written by " + writer(answer.version()));
        descent(answer.descent());
    }

    private void version(Lineage.OfVersion version) {
        lines.add("version " + version.version());
        descent(version.descent());
        list("went on in", version.descendants());
        list("answered", version.answers());
    }

    private void event(Lineage.OfEvent event) {
        lines.add("feedback " + event.event() + " of " + event.tenant() + judged(event.judged()));
        lines.add("  " + where(event.whereabouts()));
        list("trained", event.trained());
        list("tested", event.tested());
        list("in answers", event.answers());
    }

    private void subject(Lineage.OfSubject subject) {
        lines.add("subject " + subject.subject() + " of " + subject.tenant() + ", "
                + subject.events().size() + " feedback events");
        subject.events().stream()
                .limit(limit)
                .map(event -> "    " + event.event() + "  " + where(event.whereabouts()))
                .forEach(lines::add);
        int more = subject.events().size() - limit;
        if (more > 0) lines.add("    and " + more + " more");
        list("trained", subject.trained());
        list("tested", subject.tested());
        list("in answers", subject.answers());
        lines.add("  serving    " + writer(subject.serving())
                + (subject.isServed() ? ", which learned from them" : ", which learned nothing from them"));
        lines.add("  last clean " + writer(subject.lastClean()));
    }

    private static String where(Whereabouts whereabouts) {
        return switch (whereabouts) {
            case Whereabouts.InBatch(var batch) -> "in batch " + batch;
            case Whereabouts.HeldOut(long sequence) -> "held out as number " + sequence + ": it trains nothing";
            case Whereabouts.Refused(var reason, String detail) ->
                "refused as " + reason.name().toLowerCase(Locale.ROOT).replace('_', '-') + ": " + detail;
            case Whereabouts.Quarantined(var reason, String detail) ->
                "in quarantine as " + reason.word() + ": " + detail;
            case Whereabouts.Waiting() -> "waiting for a batch";
        };
    }

    private void descent(Descent descent) {
        descent.chain().forEach(this::ancestor);
        lines.add("  base model");
    }

    private void ancestor(Ancestor ancestor) {
        lines.add("  " + ancestor.version() + "  " + ancestor.artifact().value().substring(0, 19) + "…  learned batch "
                + ancestor.batch() + ", " + ancestor.events().size() + " events");
        ancestor.events().stream().limit(limit).map(LineageText::learned).forEach(lines::add);
        int more = ancestor.events().size() - limit;
        if (more > 0) lines.add("    and " + more + " more");
    }

    private static String learned(LearnedEvent event) {
        return "    " + event.event() + judged(event.judged());
    }

    private static String judged(Optional<JudgedAnswer> judged) {
        return judged.map(answer -> ", about answer " + answer.inference() + " by "
                        + (answer.inLog() ? writer(answer.version()) : "a version that the log has forgotten"))
                .orElse("");
    }

    private static String writer(Optional<VersionId> version) {
        return version.map(VersionId::toString).orElse("the base model");
    }

    private void list(String name, List<?> entries) {
        String shown = entries.stream().limit(limit).map(Object::toString).collect(Collectors.joining(", "));
        int more = entries.size() - limit;
        lines.add(String.format(
                "  %-11s%s", name, entries.isEmpty() ? "nothing" : shown + (more > 0 ? " and " + more + " more" : "")));
    }
}
