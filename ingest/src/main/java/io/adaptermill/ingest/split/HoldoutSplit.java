package io.adaptermill.ingest.split;

import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.HoldoutPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Keeps a share of a tenant's prompts out of training for good, to judge candidates by.
///
/// The side depends on nothing but the tenant and the prompt's words, so that the same question, asked twice, is never
/// both taught and examined: capitals and spacing do not count. It does not depend on time, order or other events, so a
/// replay splits the same way. A larger share keeps every prompt that a smaller one held out.
public final class HoldoutSplit {
    private static final Pattern SPACES = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    /// 52 bits of the hash: as many as a double tells apart.
    private static final int HEX_DIGITS = 13;

    private static final double RANGE = 0x1p52;

    private HoldoutSplit() {}

    public static boolean isHeldOut(TenantId tenant, Prompt prompt, HoldoutPolicy policy) {
        return position(tenant, prompt) < policy.share();
    }

    /// Where the prompt falls in [0, 1), evenly.
    static double position(TenantId tenant, Prompt prompt) {
        String words = tenant.value()
                + "\n"
                + prompt.messages().stream().map(HoldoutSplit::normal).collect(Collectors.joining("\n"));
        String hex = Digest.of(words.getBytes(StandardCharsets.UTF_8)).hex();
        return Long.parseLong(hex.substring(0, HEX_DIGITS), 16) / RANGE;
    }

    private static String normal(Message message) {
        String text = SPACES.matcher(message.content().strip()).replaceAll(" ").toLowerCase(Locale.ROOT);
        return message.role() + " " + text;
    }
}
