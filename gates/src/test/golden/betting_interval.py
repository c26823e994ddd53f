"""Reference for BettingIntervalTest, written from the paper's definition with numpy (1.26 or later), on a finer grid.

Hedged capital of Waudby-Smith and Ramdas (2024): plug-in bets from the regularised running variance, cut at c = 0.75.
Run: python3 betting_interval.py   prints the series and, for each, lower and upper end at alpha 0.05 and bound 2.
"""
import numpy as np


def interval(values, bound, alpha, c=0.75, grid=20000):
    x = (np.asarray(values) + bound) / (2 * bound)
    t = np.arange(1, len(x) + 1)
    before = np.concatenate([[0.0], np.cumsum(x)])
    means = (0.5 + before[1:]) / (t + 1)
    variance_after = (0.25 + np.cumsum((x - means) ** 2)) / (t + 1)
    variance_before = np.concatenate([[0.25], variance_after[:-1]])
    bets = np.sqrt(2 * np.log(2 / alpha) / (variance_before * t * np.log(t + 1)))
    m = (np.arange(grid) + 0.5) / grid
    up = np.cumprod(1 + np.minimum(bets[:, None], c / m[None]) * (x[:, None] - m[None]), axis=0)
    down = np.cumprod(1 - np.minimum(bets[:, None], c / (1 - m[None])) * (x[:, None] - m[None]), axis=0)
    kept = np.where((np.maximum(up, down).max(axis=0) / 2) < 1 / alpha)[0]
    return 2 * bound * kept[0] / grid - bound, 2 * bound * (kept[-1] + 1) / grid - bound


for name, values in {
    "twelve of two": [2.0] * 12,
    "mixed": [0.4, -0.1, 0.8, 0.3, 1.1, -0.4, 0.6, 0.2, 0.9, 0.5, 0.1, 0.7],
    "wave": [round(float(np.sin(i)), 6) for i in range(40)],
}.items():
    print(name, *("%.4f" % v for v in interval(values, 2.0, 0.05)))
