"""Reference for WealthTest by another route: Gauss-Legendre quadrature of the mixture's integral, numpy (1.26 or later).

W = integral over f in [0, 1] of prod(1 + f (x - m)/m) / (pi sqrt(f (1 - f))) df, substituting f = sin(u)^2.
Run: python3 wealth.py   prints the series and its wealth against a mean of at most 0, bound 2.
"""
import numpy as np


def wealth(values, bound, mean_max):
    x = (np.asarray(values) + bound) / (2 * bound)
    m = (mean_max + bound) / (2 * bound)
    odds = (x - m) / m
    nodes, weights = np.polynomial.legendre.leggauss(400)
    u = (nodes + 1) * np.pi / 4
    return np.sum(weights * np.prod(1 + np.sin(u)[:, None] ** 2 * odds, axis=1)) / 2


for name, values, mean_max in [
    ("eight of two", [2.0] * 8, 0.0),
    ("mixed", [0.4, -0.1, 0.8, 0.3, 1.1, -0.4, 0.6, 0.2, 0.9, 0.5, 0.1, 0.7], 0.0),
    ("mixed, more asked", [0.4, -0.1, 0.8, 0.3, 1.1, -0.4, 0.6, 0.2, 0.9, 0.5, 0.1, 0.7], 0.25),
    ("wave", [round(float(np.sin(i)), 6) for i in range(40)], 0.0),
]:
    print(name, "%.12g" % wealth(values, 2.0, mean_max))
