"""Makes truncation.json: the fewest singular values of updates that hold a share of the energy, and what is lost without
the others, by numpy, which forms the whole update.

Factors are drawn by SeededBits' formula. Made with numpy 2.4.6.

    python make_truncation_golden.py ../resources/golden/truncation.json
"""
import json
import sys

import numpy as np
from make_merge_golden import units

SHAPES = [(40, 24, 8), (24, 60, 12), (16, 16, 5)]  # out, in, rank
SHARES = [0.3, 0.6, 0.9, 0.99, 0.999]


def factors(case):
    out, width, rank = SHAPES[case]
    fading = 0.75 ** np.arange(rank)
    a = fading[:, None] * (units(case, "truncation A", (rank, width)) - 0.5)
    return (units(case, "truncation B", (out, rank)) - 0.5).astype(np.float32), a.astype(np.float32)


def truncated(case, share):
    b, a = factors(case)
    s = np.linalg.svd(b.astype(np.float64) @ a.astype(np.float64), compute_uv=False)
    left = 1 - np.cumsum(s**2) / np.sum(s**2)
    rank = int(np.argmax(1 - left >= share)) + 1
    return {"share": share, "rank": rank, "lost": float(np.sqrt(max(0, left[rank - 1])))}


if __name__ == "__main__":
    with open(sys.argv[1], "w") as out:
        json.dump([[truncated(case, share) for share in SHARES] for case in range(len(SHAPES))], out, indent=1)
        out.write("\n")
