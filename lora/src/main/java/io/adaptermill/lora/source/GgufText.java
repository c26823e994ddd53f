package io.adaptermill.lora.source;

import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.lora.gguf.GgufFile;
import io.adaptermill.lora.gguf.GgufMetadata;
import io.adaptermill.lora.text.ByteLevelBpe;
import io.adaptermill.lora.text.ChatTemplate;
import io.adaptermill.lora.text.TextCodec;
import io.adaptermill.lora.text.TokenizerParts;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Rebuilds the tokenizer from a GGUF file's metadata, which only names its pre-tokenizer.
final class GgufText {
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final String NEXT = "use a model with a byte-level BPE tokenizer, or its Hugging Face folder";

    private GgufText() {}

    static TextCodec read(GgufFile gguf) {
        GgufMetadata metadata = gguf.metadata();
        List<String> tokens = metadata.texts("tokenizer.ggml.tokens");
        int[] kinds = metadata.wholes("tokenizer.ggml.token_type");
        if (kinds.length != tokens.size() || new HashSet<>(tokens).size() != tokens.size()) {
            throw refused(gguf, "the tokens must all differ and each must have a type");
        }
        try {
            List<String> merges = metadata.texts("tokenizer.ggml.merges");
            ByteLevelBpe vocabulary = new ByteLevelBpe(tokens, merges, ids(kinds, USER_DEFINED), split(gguf));
            Map<String, Integer> control = new HashMap<>();
            for (int id : ids(kinds, CONTROL)) control.put(tokens.get(id), id);
            ChatTemplate template = ChatTemplate.of(metadata.text("tokenizer.chat_template"));
            Set<Integer> stops = stops(gguf, tokens.size(), control, template);
            return new TextCodec(new TokenizerParts(vocabulary.tokenizerJson(), control, template, stops));
        } catch (MalformedFile e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw refused(gguf, String.valueOf(e.getMessage()));
        }
    }

    private static SortedSet<Integer> ids(int[] kinds, int kind) {
        SortedSet<Integer> ids = new TreeSet<>();
        for (int id = 0; id < kinds.length; id++) {
            if (kinds[id] == kind) ids.add(id);
        }
        return ids;
    }

    private static ByteLevelBpe.Split split(GgufFile gguf) {
        String model = gguf.metadata().text("tokenizer.ggml.model");
        String pre = gguf.metadata().findText("tokenizer.ggml.pre").orElse("default");
        if (!model.equals("gpt2")) throw refused(gguf, "the tokenizer model " + model + " is not known");
        return switch (pre) {
            case "smollm" -> ByteLevelBpe.Split.SINGLE_DIGITS;
            case "gpt-2" -> ByteLevelBpe.Split.GPT2;
            case "qwen2" -> ByteLevelBpe.Split.QWEN2;
            case "llama-bpe" -> ByteLevelBpe.Split.LLAMA3;
            default ->
                throw refused(
                        gguf, "the pre-tokenizer " + pre + " is not known (smollm, gpt-2, qwen2 and llama-bpe are)");
        };
    }

    private static Set<Integer> stops(
            GgufFile gguf, int vocabulary, Map<String, Integer> control, ChatTemplate template) {
        Set<Integer> stops = new HashSet<>();
        for (String key : List.of("tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id")) {
            gguf.metadata().findIndex(key).ifPresent(stops::add);
        }
        Integer end = control.get(template.frame().end());
        if (end != null) stops.add(end);
        if (stops.stream().anyMatch(id -> id >= vocabulary)) {
            throw refused(gguf, "a token that ends a reply is outside the vocabulary");
        }
        return stops;
    }

    private static MalformedFile refused(GgufFile gguf, String problem) {
        return new MalformedFile(gguf.path(), problem, NEXT);
    }
}
