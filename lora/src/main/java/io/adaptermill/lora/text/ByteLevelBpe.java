package io.adaptermill.lora.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// A byte-level BPE vocabulary, as GGUF files have it, and the `tokenizer.json` that it stands for, control tokens
/// left out.
///
/// @param tokens text of each id
/// @param merges pairs, `left right`, best first
/// @param whole ids of tokens that are matched as a whole before anything else, because their makers wanted them so
/// @param split what else separates words
public record ByteLevelBpe(List<String> tokens, List<String> merges, SortedSet<Integer> whole, Split split) {
    private static final JsonFactory JSON = new JsonFactory();

    public ByteLevelBpe {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
        whole = Collections.unmodifiableSortedSet(new TreeSet<>(whole));
    }

    /// How text is cut into words before any merge, and what else differs with it.
    public enum Split {
        /// GPT-2's regular expression.
        GPT2,
        /// The same, every digit alone before it.
        SINGLE_DIGITS,
        /// Digits alone, composed characters.
        QWEN2("\\p{N}"),
        /// Up to three digits together; a word that is a token is not split further.
        LLAMA3("\\p{N}{1,3}");

        private final Optional<String> words;

        Split() {
            words = Optional.empty();
        }

        Split(String number) {
            words = Optional.of("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + number
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
        }
    }

    /// @throws IllegalArgumentException if a merge is not a pair
    public byte[] tokenizerJson() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4 << 20);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("version", "1.0");
            json.writeNullField("truncation");
            json.writeNullField("padding");
            writeAdded(json);
            writeNormaliser(json);
            writeSplit(json);
            json.writeNullField("post_processor");
            json.writeFieldName("decoder");
            writeByteLevel(json, true);
            writeModel(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory must not fail", e);
        }
        return bytes.toByteArray();
    }

    private void writeAdded(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("added_tokens");
        for (int id : whole) {
            json.writeStartObject();
            json.writeNumberField("id", id);
            json.writeStringField("content", tokens.get(id));
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized", "special")) {
                json.writeBooleanField(flag, false);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writeNormaliser(JsonGenerator json) throws IOException {
        if (split != Split.QWEN2) {
            json.writeNullField("normalizer");
            return;
        }
        json.writeObjectFieldStart("normalizer");
        json.writeStringField("type", "NFC");
        json.writeEndObject();
    }

    private void writeSplit(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("pre_tokenizer");
        json.writeStringField("type", "Sequence");
        json.writeArrayFieldStart("pretokenizers");
        if (split == Split.SINGLE_DIGITS) {
            json.writeStartObject();
            json.writeStringField("type", "Digits");
            json.writeBooleanField("individual_digits", true);
            json.writeEndObject();
        }
        if (split.words.isPresent()) writeWords(json, split.words.get());
        writeByteLevel(json, split.words.isEmpty());
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeWords(JsonGenerator json, String expression) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "Split");
        json.writeObjectFieldStart("pattern");
        json.writeStringField("Regex", expression);
        json.writeEndObject();
        json.writeStringField("behavior", "Isolated");
        json.writeBooleanField("invert", false);
        json.writeEndObject();
    }

    private static void writeByteLevel(JsonGenerator json, boolean words) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "ByteLevel");
        json.writeBooleanField("add_prefix_space", false);
        json.writeBooleanField("trim_offsets", true);
        json.writeBooleanField("use_regex", words);
        json.writeEndObject();
    }

    private void writeModel(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("model");
        json.writeStringField("type", "BPE");
        for (String absent : List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
            json.writeNullField(absent);
        }
        for (String flag : List.of("fuse_unk", "byte_fallback")) json.writeBooleanField(flag, false);
        json.writeBooleanField("ignore_merges", split == Split.LLAMA3);
        json.writeObjectFieldStart("vocab");
        for (int id = 0; id < tokens.size(); id++) json.writeNumberField(tokens.get(id), id);
        json.writeEndObject();
        json.writeArrayFieldStart("merges");
        for (String merge : merges) writeMerge(json, merge);
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeMerge(JsonGenerator json, String merge) throws IOException {
        int space = merge.indexOf(' ', 1);
        if (space < 0 || space == merge.length() - 1) {
            throw new IllegalArgumentException(
                    "a merge must be two tokens with a space between, was \"" + merge + "\"");
        }
        json.writeStartArray();
        json.writeString(merge.substring(0, space));
        json.writeString(merge.substring(space + 1));
        json.writeEndArray();
    }
}
