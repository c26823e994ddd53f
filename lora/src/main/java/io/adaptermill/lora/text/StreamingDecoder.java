package io.adaptermill.lora.text;

import java.util.Arrays;

/// Decodes a reply while it is being generated.
///
/// A token may hold only some bytes of a character; its text is held back until the character is whole.
/// Each token costs the decoding of the few tokens since the last whole character, not of the reply so far.
///
/// Mutable; belongs to the thread that generates.
public final class StreamingDecoder {
    private static final String INCOMPLETE = "\uFFFD";
    /// Longest run of tokens that can belong to one character; what is incomplete after it is broken, not unfinished.
    private static final int HELD_MAX = 8;

    private final TextCodec codec;
    private int[] ids = new int[32];
    private int size;
    private int start;
    private int given;

    StreamingDecoder(TextCodec codec) {
        this.codec = codec;
    }

    /// @return the text that is certain now, often empty
    public String add(int id) {
        if (size == ids.length) makeRoom();
        ids[size++] = id;
        String now = codec.decode(ids, start, size);
        boolean held = now.endsWith(INCOMPLETE) && size - given < HELD_MAX;
        return held ? "" : give(now);
    }

    /// @return whatever was held back, with U+FFFD for characters that never became whole
    public String finish() {
        return give(codec.decode(ids, start, size));
    }

    private String give(String now) {
        int known = codec.decode(ids, start, given).length();
        start = given;
        given = size;
        return now.length() > known ? now.substring(known) : "";
    }

    private void makeRoom() {
        int kept = size - start;
        ids = Arrays.copyOfRange(ids, start, start + Math.max(2 * kept, 32));
        given -= start;
        size = kept;
        start = 0;
    }
}
