package io.adaptermill.lora.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// A byte-level BPE vocabulary, as GGUF files have it, and the `tokenizer.json` that it stands for, control tokens left
/// out.
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

    /// What happens before GPT-2's regular expression.
    public enum Split {
        /// Nothing.
        GPT2,
        /// Every digit stands alone.
        SINGLE_DIGITS
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
            json.writeNullField("normalizer");
            writeSplit(json);
            json.writeNullField("post_processor");
            json.writeFieldName("decoder");
            writeByteLevel(json);
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

    private void writeSplit(JsonGenerator json) throws IOException {
        json.writeFieldName("pre_tokenizer");
        switch (split) {
            case GPT2 -> writeByteLevel(json);
            case SINGLE_DIGITS -> {
                json.writeStartObject();
                json.writeStringField("type", "Sequence");
                json.writeArrayFieldStart("pretokenizers");
                json.writeStartObject();
                json.writeStringField("type", "Digits");
                json.writeBooleanField("individual_digits", true);
                json.writeEndObject();
                writeByteLevel(json);
                json.writeEndArray();
                json.writeEndObject();
            }
        }
    }

    private static void writeByteLevel(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "ByteLevel");
        json.writeBooleanField("add_prefix_space", false);
        json.writeBooleanField("trim_offsets", true);
        json.writeBooleanField("use_regex", true);
        json.writeEndObject();
    }

    private void writeModel(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("model");
        json.writeStringField("type", "BPE");
        for (String absent : List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
            json.writeNullField(absent);
        }
        for (String flag : List.of("fuse_unk", "byte_fallback", "ignore_merges")) json.writeBooleanField(flag, false);
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
