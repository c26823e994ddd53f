package io.adaptermill.cli.policy;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// From a text to its documents, without a guess at types and without the parts of YAML that surprise: anchors, which
/// can grow without bound, tags, keys that stand twice.
final class YamlText {
    private final List<Problem> problems = new ArrayList<>();

    private YamlText() {}

    /// @param documents the roots, as far as the text could be read
    record Parsed(List<YamlNode> documents, List<Problem> problems) {}

    static Parsed parse(String text) {
        YamlText reading = new YamlText();
        List<YamlNode> documents = new ArrayList<>();
        LoaderOptions options = new LoaderOptions();
        try {
            for (Node root : new Yaml(new SafeConstructor(options)).composeAll(new StringReader(text))) {
                documents.add(reading.node(root, ""));
            }
        } catch (MarkedYAMLException e) {
            reading.problems.add(new Problem(place(e.getProblemMark()), "", "is not YAML here: " + e.getProblem()));
        } catch (YAMLException e) {
            reading.problems.add(new Problem(Place.START, "", "is not YAML: " + e.getMessage()));
        }
        return new Parsed(List.copyOf(documents), List.copyOf(reading.problems));
    }

    private YamlNode node(Node node, String path) {
        Place place = place(node.getStartMark());
        if (node.getAnchor() != null) {
            problems.add(new Problem(place, path, "must not be an anchor or a reference to one: write it out"));
            return new YamlNode.Scalar(place, "", false);
        }
        if (!node.getTag().startsWith(Tag.PREFIX)) {
            problems.add(new Problem(
                    place, path, "must not have a tag, had " + node.getTag().getValue()));
        }
        return switch (node) {
            case MappingNode mapping -> mapping(mapping, place, path);
            case SequenceNode sequence -> {
                List<YamlNode> items = new ArrayList<>();
                for (Node item : sequence.getValue()) items.add(node(item, path + "[" + items.size() + "]"));
                yield new YamlNode.Sequence(place, List.copyOf(items));
            }
            case ScalarNode scalar ->
                new YamlNode.Scalar(
                        place, scalar.getValue(), scalar.getScalarStyle() != DumperOptions.ScalarStyle.PLAIN);
            default -> throw new IllegalStateException("YAML has no other nodes, was " + node);
        };
    }

    private YamlNode mapping(MappingNode mapping, Place place, String path) {
        List<YamlNode.Entry> entries = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Place at = place(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(new Problem(at, path, "must have names as keys"));
                continue;
            }
            String own = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            if (keys.add(key.getValue())) {
                entries.add(new YamlNode.Entry(at, key.getValue(), node(tuple.getValueNode(), own)));
            } else {
                problems.add(new Problem(at, own, "stands twice"));
            }
        }
        return new YamlNode.Mapping(place, List.copyOf(entries));
    }

    private static Place place(Mark mark) {
        return new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
