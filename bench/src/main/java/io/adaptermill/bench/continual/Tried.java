package io.adaptermill.bench.continual;

import io.adaptermill.schemas.policy.Continual;
import java.math.BigDecimal;
import java.util.List;

/// The kinds of [Continual] as people write and read them here.
final class Tried {
    /// Each kind at the strength that was chosen for it, see docs/CONTINUAL-LEARNING.md.
    static final List<Continual> ALL = List.of(
            new Continual.None(),
            new Continual.Replay(0.5),
            new Continual.Ewc(1e6),
            new Continual.Olora(0.5),
            new Continual.Kl(1));

    private Tried() {}

    /// @param word a name, or a name with its number, such as `ewc=1e5`
    /// @throws IllegalArgumentException if there is no such kind
    static Continual of(String word) {
        String[] parts = word.split("=");
        Continual usual = ALL.stream()
                .filter(each -> each.getClass().getSimpleName().equalsIgnoreCase(parts[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a kind must be one of " + ALL + ", was " + word));
        if (parts.length == 1) return usual;
        double number = Double.parseDouble(parts[1]);
        return switch (usual) {
            case Continual.None none -> none;
            case Continual.Replay _ -> new Continual.Replay(number);
            case Continual.Ewc _ -> new Continual.Ewc(number);
            case Continual.Olora _ -> new Continual.Olora(number);
            case Continual.Kl _ -> new Continual.Kl(number);
        };
    }

    static String label(Continual continual) {
        return switch (continual) {
            case Continual.None _ -> "`none`";
            case Continual.Replay(var share) -> "`replay`, share " + number(share);
            case Continual.Ewc(var strength) -> "`ewc`, strength " + number(strength);
            case Continual.Olora(var strength) -> "`olora`, strength " + number(strength);
            case Continual.Kl(var weight) -> "`kl`, weight " + number(weight);
        };
    }

    private static String number(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
}
