package io.adaptermill.lora.generate;

import io.adaptermill.lora.kernel.Lanes;
import io.adaptermill.lora.kernel.Rotary;
import io.adaptermill.lora.kernel.RowPool;
import io.adaptermill.lora.model.ModelConfig;
import java.util.Arrays;
import java.util.List;

/// Causal attention of new rows over what their conversations remember, with grouped heads.
///
/// A row of qkv is all query heads, then the key heads, then the value heads.
final class CachedAttention {
    private final ModelConfig config;
    private final Rotary rotary;
    private final RowPool pool;
    private final ThreadLocal<float[]> scores;
    private final float scale;

    CachedAttention(ModelConfig config, Rotary rotary, int positionsMax, RowPool pool) {
        this.config = config;
        this.rotary = rotary;
        this.pool = pool;
        this.scores = ThreadLocal.withInitial(() -> new float[positionsMax + Lanes.WIDTH]);
        this.scale = (float) (1 / Math.sqrt(config.headDim()));
    }

    int qkvWidth() {
        return (config.heads() + 2 * config.headsKv()) * config.headDim();
    }

    /// Norms every query and key head in place, before they are turned.
    void norm(int rows, BlockWeights.HeadNorms norms, float[] qkv) {
        for (int r = 0; r < rows; r++) {
            for (int head = 0; head < config.heads() + config.headsKv(); head++) {
                float[] weight = head < config.heads() ? norms.query() : norms.key();
                int at = r * qkvWidth() + head * config.headDim();
                RowMath.norm(qkv, at, weight, config.normEps(), qkv);
            }
        }
    }

    /// Remembers every row's keys and values, then attends.
    void attend(List<StepRow> rows, int layer, float[] qkv, float[] out) {
        long width = 0;
        for (int r = 0; r < rows.size(); r++) {
            remember(rows.get(r), layer, qkv, r * qkvWidth());
            width += (long) rows.get(r).position() * qkvWidth();
        }
        pool.run(rows.size(), width / rows.size() + 1, (from, to) -> {
            for (int r = from; r < to; r++) attend(rows.get(r), layer, qkv, r, out);
        });
    }

    private void remember(StepRow row, int layer, float[] qkv, int at) {
        int dim = config.headDim();
        int half = dim / 2;
        int queries = config.heads() * dim;
        int keys = config.headsKv() * dim;
        int angle = row.position() * half;
        for (int head = 0; head < config.heads() + config.headsKv(); head++) {
            RowMath.rotate(qkv, at + head * dim, rotary.cosines(), rotary.sines(), angle, half);
        }
        int position = row.position();
        System.arraycopy(qkv, at + queries, row.memory().keys(layer, position), position * keys, keys);
        System.arraycopy(qkv, at + queries + keys, row.memory().values(layer, position), position * keys, keys);
    }

    private void attend(StepRow row, int layer, float[] qkv, int r, float[] out) {
        int dim = config.headDim();
        int group = config.heads() / config.headsKv();
        int width = config.headsKv() * dim;
        int count = row.position() + 1;
        float[] keys = row.memory().keys(layer, row.position());
        float[] values = row.memory().values(layer, row.position());
        float[] weights = scores.get();
        for (int head = 0; head < config.heads(); head++) {
            int key = head / group * dim;
            int query = r * qkvWidth() + head * dim;
            int target = (r * config.heads() + head) * dim;
            for (int t = 0; t < count; t++) {
                weights[t] = scale * RowProducts.dot(keys, t * width + key, qkv, query, dim);
            }
            float sum = RowMath.exponentials(weights, count);
            Arrays.fill(out, target, target + dim, 0);
            for (int t = 0; t < count; t++) {
                RowMath.addScaled(out, target, weights[t] / sum, values, t * width + key, dim);
            }
        }
    }
}
