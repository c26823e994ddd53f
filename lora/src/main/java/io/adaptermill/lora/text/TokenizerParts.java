package io.adaptermill.lora.text;

import java.util.Map;
import java.util.Set;

/// Everything a [TextCodec] is made of, whatever file it came from.
///
/// @param json a Hugging Face `tokenizer.json` that does not know the control tokens, so that no text becomes one
/// @param control ids of the special tokens by their text: what a template may write and a user must not
/// @param template how conversations are rendered
/// @param stops ids that end a reply, the template's own end among them
public record TokenizerParts(byte[] json, Map<String, Integer> control, ChatTemplate template, Set<Integer> stops) {
    public TokenizerParts {
        control = Map.copyOf(control);
        stops = Set.copyOf(stops);
    }
}
