package io.adaptermill.lora.generate;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.kernel.RowPool;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.text.TextCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Writes answers: one at a time with [#generate], or many at once with [#start] and [#step].
///
/// Each answer's text is a function of its request, its adapter and the base alone: batching, threads and neighbours
/// change nothing.
///
/// Owned by one thread, but for [#load]. Closing it ends its threads; the base stays open.
public final class Generator implements AutoCloseable {
    /// Rows read in a step: a long prompt is read in pieces of this size, so that it holds up running
    /// answers by tens of milliseconds at most.
    static final int ROWS_MAX = 32;
    /// Longest conversation with its answer, unless told otherwise.
    public static final int CONTEXT_DEFAULT = 2048;

    private final Checkpoint checkpoint;
    private final TextCodec text;
    private final int context;
    private final RowPool pool;
    private final CachedDecoder decoder;
    private final PromptPrefixes prefixes = new PromptPrefixes();

    public Generator(BaseModel base) {
        this(base, 1, CONTEXT_DEFAULT);
    }

    /// @param threads that share a step, the caller's included
    /// @param context most tokens of a conversation with its answer; the model's own limit is kept anyway
    public Generator(BaseModel base, int threads, int context) {
        this(base.checkpoint(), base.text(), threads, context);
    }

    Generator(Checkpoint checkpoint, TextCodec text, int threads, int context) {
        this.checkpoint = checkpoint;
        this.text = text;
        this.context = Math.min(context, checkpoint.config().context());
        this.pool = new RowPool(threads);
        this.decoder = new CachedDecoder(checkpoint, ROWS_MAX, this.context, pool);
    }

    /// Turns an adapter into the engine's form; safe from any thread.
    ///
    /// @throws IllegalArgumentException if it does not fit the base model
    public LoadedAdapter load(Adapter adapter) {
        return LoadedAdapter.of(adapter, checkpoint);
    }

    /// Memory for one token of a conversation.
    public long positionBytes() {
        ModelConfig config = checkpoint.config();
        return 2L * Float.BYTES * config.layers() * config.headsKv() * config.headDim();
    }

    /// Prepares an answer; computes nothing yet.
    ///
    /// @param onText each further piece of the answer, whole characters only; called from [#step]
    /// @throws ContextExceeded if the conversation leaves no room for an answer
    public Generation start(GenerationRequest request, Optional<LoadedAdapter> adapter, Consumer<String> onText) {
        int[] prompt = text.renderChat(request.prompt().messages(), TextCodec.Turn.ASSISTANT);
        if (prompt.length >= context) throw new ContextExceeded(prompt.length, context);
        int tokensMax = Math.min(request.tokensMax(), context - prompt.length);
        KeyValues memory = decoder.newMemory(prompt.length + tokensMax);
        return new Generation(
                prompt,
                prefixes.recall(adapter, prompt, memory),
                tokensMax,
                memory,
                adapter,
                new Sampler(request.sampling(), checkpoint.config().vocabulary()),
                text.stops(),
                text.streamingDecoder(),
                new StopMatcher(request.stops()),
                onText);
    }

    /// Brings every running answer one token further, or reads a piece of its prompt. Answers that write
    /// come first: each gets its row, and prompts share what is left.
    public void step(List<Generation> generations) {
        List<Generation> running = generations.stream()
                .filter(generation -> !generation.isFinished())
                .toList();
        int from = 0;
        while (from < running.size()) {
            int to = Math.min(running.size(), from + decoder.rowsMax());
            stepTogether(running.subList(from, to));
            from = to;
        }
    }

    /// Writes one answer from start to end.
    public GenerationResult generate(
            GenerationRequest request, Optional<LoadedAdapter> adapter, Consumer<String> onText) {
        Generation generation = start(request, adapter, onText);
        while (!generation.isFinished()) step(List.of(generation));
        return generation.result();
    }

    @Override
    public void close() {
        pool.close();
    }

    private void stepTogether(List<Generation> generations) {
        List<StepRow> rows = new ArrayList<>();
        List<Generation> choosing = new ArrayList<>();
        // One row each is certain; prompts take more of what is left, the first come first.
        int spare = decoder.rowsMax() - generations.size();
        for (Generation generation : generations) {
            int count = Math.min(generation.unread(), 1 + spare);
            spare -= count - 1;
            for (int i = 0; i < count; i++) rows.add(generation.next());
            if (!generation.isReadingPrompt()) choosing.add(generation);
        }
        float[] logits = decoder.forward(rows);
        for (Generation generation : choosing) {
            if (generation.isFirstChoice()) {
                prefixes.remember(generation.adapter(), generation.prompt(), generation.memory());
            }
        }
        int vocabulary = checkpoint.config().vocabulary();
        for (int i = 0; i < choosing.size(); i++) choosing.get(i).choose(logits, i * vocabulary);
    }
}
