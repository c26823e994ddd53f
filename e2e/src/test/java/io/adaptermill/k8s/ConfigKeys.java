package io.adaptermill.k8s;

import io.adaptermill.docs.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The environment variables that a service reads, taken from its `@ConfigMapping` interfaces and its
/// `application.properties`.
final class ConfigKeys {
    private static final Pattern MAPPING = Pattern.compile("@ConfigMapping\\(\\s*prefix\\s*=\\s*\"([\\w.-]+)\"");
    private static final Pattern INTERFACE = Pattern.compile("\\binterface (\\w+)");
    private static final Pattern METHOD = Pattern.compile("(?m)^ +([\\w.<>]+) (\\w+)\\(\\);");

    private ConfigKeys() {}

    static Set<String> of(String service) {
        Path module = Repository.root().resolve(service);
        Set<String> all = new TreeSet<>();
        for (Path file : Repository.files(module, file -> file.toString().contains("/src/main/"))) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".java")) {
                all.addAll(variables(Repository.text(file)));
            } else if (name.equals("application.properties")) {
                all.addAll(placeholders(Repository.text(file)));
            }
        }
        return all;
    }

    /// What other keys are derived from, such as `${adaptermill.state:/tmp}`.
    static Set<String> placeholders(String properties) {
        return Pattern.compile("\\$\\{(adaptermill[\\w.-]*)")
                .matcher(properties)
                .results()
                .map(match -> variable(match.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// `adaptermill.serving.queuePerTenant` is `ADAPTERMILL_SERVING_QUEUE_PER_TENANT`.
    static Set<String> variables(String source) {
        Set<String> variables = new TreeSet<>();
        Matcher mapping = MAPPING.matcher(source);
        if (mapping.find()) {
            Map<String, List<String[]>> interfaces = interfaces(source);
            Matcher root = INTERFACE.matcher(source);
            if (root.find(mapping.end())) {
                collect(interfaces, root.group(1), mapping.group(1), variables);
            }
        }
        return variables;
    }

    /// Methods, each as type and name, by the interface they stand in; nested interfaces come after a mapping's own
    /// methods.
    private static Map<String, List<String[]>> interfaces(String source) {
        Map<String, List<String[]>> interfaces = new HashMap<>();
        List<Integer> starts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Matcher at = INTERFACE.matcher(source); at.find(); ) {
            starts.add(at.start());
            names.add(at.group(1));
        }
        starts.add(source.length());
        for (int i = 0; i < names.size(); i++) {
            List<String[]> methods = new ArrayList<>();
            Matcher method = METHOD.matcher(source).region(starts.get(i), starts.get(i + 1));
            while (method.find()) {
                methods.add(new String[] {method.group(1), method.group(2)});
            }
            interfaces.put(names.get(i), methods);
        }
        return interfaces;
    }

    private static void collect(
            Map<String, List<String[]>> interfaces, String type, String prefix, Set<String> variables) {
        for (String[] method : interfaces.getOrDefault(type, List.of())) {
            String key = prefix + "." + method[1];
            if (interfaces.containsKey(method[0])) {
                collect(interfaces, method[0], key, variables);
            } else {
                variables.add(variable(key));
            }
        }
    }

    private static String variable(String key) {
        return key.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("[^A-Za-z0-9]", "_")
                .toUpperCase(Locale.ROOT);
    }
}
