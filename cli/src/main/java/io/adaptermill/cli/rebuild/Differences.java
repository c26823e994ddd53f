package io.adaptermill.cli.rebuild;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.ArtifactFiles;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.OptimizerState;
import io.adaptermill.artifacts.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// Says, file by file, where two artifacts part.
public final class Differences {
    private Differences() {}

    /// One sentence for each file that differs, with its first difference; empty if they are the same.
    public static List<String> between(AdapterArtifact logged, AdapterArtifact rebuilt) {
        List<String> found = new ArrayList<>();
        provenance(logged.provenance(), rebuilt.provenance())
                .ifPresent(it -> found.add(ArtifactFiles.MANIFEST + ": " + it));
        Adapter before = logged.adapter();
        Adapter after = rebuilt.adapter();
        if (!before.config().equals(after.config())) {
            found.add(ArtifactFiles.CONFIG + ": was " + before.config() + ", is " + after.config());
        }
        modules(before.modules(), after.modules()).ifPresent(it -> found.add(ArtifactFiles.WEIGHTS + ": " + it));
        if (!before.magnitudes().equals(after.magnitudes())) found.add(ArtifactFiles.WEIGHTS + ": other magnitudes");
        if (!before.routing().equals(after.routing())) found.add(ArtifactFiles.WEIGHTS + ": other routers");
        optimizer(before.optimizer(), after.optimizer())
                .ifPresent(it -> found.add(ArtifactFiles.OPTIMIZER + ": " + it));
        return List.copyOf(found);
    }

    private static Optional<String> provenance(Provenance before, Provenance after) {
        if (before.equals(after)) return Optional.empty();
        if (!before.base().equals(after.base())) return changed("base model", before.base(), after.base());
        if (!before.parent().equals(after.parent())) return changed("parent", before.parent(), after.parent());
        if (!before.recipe().equals(after.recipe())) return changed("recipe", before.recipe(), after.recipe());
        if (before.seed() != after.seed()) return changed("seed", before.seed(), after.seed());
        return changed("provenance", before, after);
    }

    private static Optional<String> changed(String what, Object before, Object after) {
        return Optional.of("the " + what + " was " + before + ", is " + after);
    }

    private static Optional<String> optimizer(Optional<OptimizerState> before, Optional<OptimizerState> after) {
        if (before.isEmpty() || after.isEmpty()) {
            return before.isPresent() == after.isPresent()
                    ? Optional.empty()
                    : changed("optimizer's state", presence(before), presence(after));
        }
        OptimizerState first = before.get();
        OptimizerState second = after.get();
        if (first.step() != second.step()) return changed("step", first.step(), second.step());
        return modules(first.first(), second.first())
                .map(it -> "first moments, " + it)
                .or(() -> modules(first.second(), second.second()).map(it -> "second moments, " + it))
                .or(() -> first.form().equals(second.form())
                        ? Optional.empty()
                        : Optional.of("what the variant trains is another"));
    }

    private static String presence(Optional<OptimizerState> state) {
        return state.isPresent() ? "there" : "absent";
    }

    private static Optional<String> modules(SortedMap<String, LowRank> before, SortedMap<String, LowRank> after) {
        if (!before.keySet().equals(after.keySet())) return changed("list of modules", before.keySet(), after.keySet());
        for (var entry : before.entrySet()) {
            LowRank was = entry.getValue();
            LowRank is = after.get(entry.getKey());
            if (is == null) throw new IllegalStateException("the modules were the same a moment ago");
            Optional<String> found = tensor(entry.getKey() + " A", was.a(), is.a())
                    .or(() -> tensor(entry.getKey() + " B", was.b(), is.b()));
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private static Optional<String> tensor(String name, FloatTensor before, FloatTensor after) {
        if (before.equals(after)) return Optional.empty();
        if (before.rows() != after.rows() || before.columns() != after.columns()) return changed(name, before, after);
        int first = -1;
        int count = 0;
        float[] was = before.values();
        float[] is = after.values();
        for (int i = 0; i < was.length; i++) {
            if (Float.floatToIntBits(was[i]) == Float.floatToIntBits(is[i])) continue;
            if (first < 0) first = i;
            count++;
        }
        String place = name + "[" + first / before.columns() + ", " + first % before.columns() + "]";
        return Optional.of(place + " was " + was[first] + ", is " + is[first] + "; " + count + " of " + was.length
                + " numbers of this tensor differ");
    }
}
