package io.adaptermill.gates.simulation;

/// The 95 % point of Student's t.
///
/// Source: Abramowitz and Stegun 26.7.5, the expansion in 1/ν around the normal's point; within 2e-4 of
/// tables from 7 degrees on.
final class StudentT {
    private static final double Z = 1.6448536269514722;

    private StudentT() {}

    static double upper(int degrees) {
        double z3 = Z * Z * Z;
        double z5 = z3 * Z * Z;
        double z7 = z5 * Z * Z;
        double g1 = (z3 + Z) / 4;
        double g2 = (5 * z5 + 16 * z3 + 3 * Z) / 96;
        double g3 = (3 * z7 + 19 * z5 + 17 * z3 - 15 * Z) / 384;
        double v = degrees;
        return Z + g1 / v + g2 / (v * v) + g3 / (v * v * v);
    }
}
