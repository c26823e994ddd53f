package io.adaptermill.lora.generate;

import io.adaptermill.lora.text.StreamingDecoder;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// One answer in the making: its conversation's memory, what it has said, and whether it is done.
///
/// Belongs to the thread that steps its [Generator].
public final class Generation {
    private final int[] prompt;
    private final int tokensMax;
    private final KeyValues memory;
    private final Optional<LoadedAdapter> adapter;
    private final Sampler sampler;
    private final Set<Integer> endings;
    private final StreamingDecoder decoder;
    private final StopMatcher stops;
    private final Consumer<String> onText;

    private int read;
    private int last;
    private int written;
    private Optional<FinishReason> finish = Optional.empty();

    /// @param known tokens of the prompt that are in the memory already
    Generation(
            int[] prompt,
            int known,
            int tokensMax,
            KeyValues memory,
            Optional<LoadedAdapter> adapter,
            Sampler sampler,
            Set<Integer> endings,
            StreamingDecoder decoder,
            StopMatcher stops,
            Consumer<String> onText) {
        this.prompt = prompt;
        this.read = known;
        this.tokensMax = tokensMax;
        this.memory = memory;
        this.adapter = adapter;
        this.sampler = sampler;
        this.endings = endings;
        this.decoder = decoder;
        this.stops = stops;
        this.onText = onText;
    }

    public boolean isFinished() {
        return finish.isPresent();
    }

    /// @throws IllegalStateException if it is not finished
    public GenerationResult result() {
        FinishReason reason =
                finish.orElseThrow(() -> new IllegalStateException("an answer must be finished to have a result"));
        return new GenerationResult(stops.text(), reason, prompt.length, written);
    }

    /// Positions it may come to remember.
    public int positions() {
        return prompt.length + tokensMax;
    }

    /// Tokens that must be read before the next one can be chosen.
    int unread() {
        return isReadingPrompt() ? prompt.length - read : 1;
    }

    boolean isReadingPrompt() {
        return read < prompt.length;
    }

    /// Whether its prompt has just been read.
    boolean isFirstChoice() {
        return written == 0 && !isReadingPrompt();
    }

    int[] prompt() {
        return prompt;
    }

    KeyValues memory() {
        return memory;
    }

    Optional<LoadedAdapter> adapter() {
        return adapter;
    }

    /// The next unread token, counted as read.
    StepRow next() {
        int token = isReadingPrompt() ? prompt[read] : last;
        int position = read++;
        return new StepRow(token, position, memory, adapter, read >= prompt.length);
    }

    /// Chooses a token after the last one read.
    ///
    /// @param at where its logits begin
    void choose(float[] logits, int at) {
        int token = sampler.choose(logits, at, written);
        written++;
        last = token;
        if (endings.contains(token)) end(FinishReason.STOP);
        else say(decoder.add(token));
        if (!isFinished() && written >= tokensMax) end(FinishReason.LENGTH);
    }

    private void say(String piece) {
        emit(stops.add(piece));
        if (stops.isStopped()) finish = Optional.of(FinishReason.STOP);
    }

    private void end(FinishReason reason) {
        say(decoder.finish());
        if (isFinished()) return;
        emit(stops.finish());
        finish = Optional.of(reason);
    }

    private void emit(String text) {
        if (!text.isEmpty()) onText.accept(text);
    }
}
