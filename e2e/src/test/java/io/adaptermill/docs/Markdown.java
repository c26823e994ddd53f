package io.adaptermill.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One page: its headings and links, code blocks left out.
record Markdown(Path file, String text) {
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");

    static List<Markdown> all() {
        return Repository.files(Repository.root(), file -> file.toString().endsWith(".md")).stream()
                .map(Markdown::of)
                .toList();
    }

    static Markdown of(Path file) {
        return new Markdown(file, Repository.text(file));
    }

    static Markdown of(String file) {
        return of(Repository.root().resolve(file));
    }

    List<String> headings() {
        return matches(HEADING, prose());
    }

    /// As a heading's link target is spelt: lower case, hyphens, no punctuation.
    Set<String> anchors() {
        return headings().stream().map(Markdown::slug).collect(Collectors.toSet());
    }

    List<String> links() {
        return matches(LINK, prose());
    }

    /// What stands between the fences that open with this language, in order.
    List<String> code(String language) {
        return matches(Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```"), text);
    }

    /// Rows of the page's first table whose header starts so, without header and rule.
    List<String> tableRows(String header) {
        List<String> lines = text.lines().toList();
        int at = 0;
        while (at < lines.size() && !lines.get(at).startsWith(header)) {
            at++;
        }
        return lines.stream()
                .skip(at + 2L)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }

    static String slug(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} -]", "")
                .strip()
                .replace(' ', '-');
    }

    private String prose() {
        return FENCE.matcher(text).replaceAll("");
    }

    private static List<String> matches(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Override
    public String toString() {
        return Repository.root().relativize(file).toString();
    }
}
