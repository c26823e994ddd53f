package io.adaptermill.cli.command;

import io.adaptermill.cli.adapters.MergeKind;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Ways to merge as words: `dare-ties`, not `DARE_TIES`.
final class MergeWords implements ITypeConverter<MergeKind>, Iterable<String> {
    @Override
    public MergeKind convert(String word) {
        return Arrays.stream(MergeKind.values())
                .filter(kind -> word(kind).equals(word))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("expected one of "
                        + Arrays.stream(MergeKind.values())
                                .map(MergeWords::word)
                                .toList() + " but was '" + word + "'"));
    }

    @Override
    public Iterator<String> iterator() {
        return Arrays.stream(MergeKind.values()).map(MergeWords::word).iterator();
    }

    static String word(MergeKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
