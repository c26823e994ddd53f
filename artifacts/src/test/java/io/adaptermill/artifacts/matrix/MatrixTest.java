package io.adaptermill.artifacts.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Decompositions by what defines them: they multiply back, and their factors are orthonormal.
class MatrixTest {
    @ParameterizedTest(name = "{0} x {1}, rank {2}")
    @CsvSource({"7, 7, 7", "20, 6, 6", "6, 20, 6", "30, 12, 4", "12, 30, 4", "1, 5, 1", "5, 1, 1"})
    void singular_values_and_vectors_are_those_of_the_matrix(int rows, int columns, int rank) {
        // Given
        Matrix matrix = random("m", rows, rank).times(random("n", rank, columns));

        // When
        Svd svd = Svd.of(matrix);

        // Then
        assertThat(svd.product().minus(matrix).norm()).isLessThan(1e-13 * matrix.norm());
        Svd held = svd.truncated(rank);
        assertOrthonormal(held.u());
        assertOrthonormal(held.v());
        for (int i = 1; i < svd.s().length; i++) assertThat(svd.s()[i]).isLessThanOrEqualTo(svd.s()[i - 1]);
        for (int i = rank; i < svd.s().length; i++) assertThat(svd.s()[i]).isLessThan(1e-13 * svd.s()[0]);
    }

    @Test
    void singular_values_that_differ_by_twelve_orders_keep_their_digits() {
        // Given
        Matrix u = Qr.of(random("u", 9, 3)).q();
        Matrix v = Qr.of(random("v", 5, 3)).q();
        double[] s = {1e6, 1, 1e-6};

        // When
        Svd svd = LowRankSvd.of(u.times(Matrix.diagonal(s)), v.transposed());

        // Then
        for (int i = 0; i < 3; i++) assertThat(svd.s()[i]).isCloseTo(s[i], within(1e-9 * s[i]));
    }

    @ParameterizedTest(name = "{0} x {1}")
    @CsvSource({"8, 8", "15, 4", "4, 15", "1, 1"})
    void a_matrix_is_its_orthonormal_part_times_its_triangular_part(int rows, int columns) {
        // Given
        Matrix matrix = random("q", rows, columns);

        // When
        Qr qr = Qr.of(matrix);

        // Then
        assertOrthonormal(qr.q());
        assertThat(qr.q().times(qr.r()).minus(matrix).norm()).isLessThan(1e-14 * Math.max(1, matrix.norm()) * rows);
        for (int i = 1; i < qr.r().rows(); i++) {
            for (int j = 0; j < Math.min(i, columns); j++)
                assertThat(qr.r().at(i, j)).isZero();
        }
    }

    @Test
    void a_matrix_of_zeros_has_a_decomposition_too() {
        assertThat(Svd.of(Matrix.zeros(4, 3)).s()).containsOnly(0);
        assertThat(LowRankSvd.of(Matrix.zeros(9, 2), Matrix.zeros(2, 7))
                        .product()
                        .norm())
                .isZero();
    }

    @Test
    void the_leading_part_of_a_large_matrix_is_the_leading_part_of_all_of_it() {
        // Given
        Matrix matrix = random("b", 400, 12)
                .times(random("a", 12, 220))
                .plus(random("noise", 400, 220).times(0.01));

        // When
        Svd leading = LeadingSvd.of(matrix, 5);

        // Then
        Svd whole = Svd.of(matrix).truncated(5);
        for (int i = 0; i < 5; i++) assertThat(leading.s()[i]).isCloseTo(whole.s()[i], within(1e-8 * whole.s()[0]));
        assertThat(leading.product().minus(whole.product()).norm()).isLessThan(1e-4 * matrix.norm());
    }

    @Test
    void shapes_that_do_not_meet_are_refused() {
        assertThatThrownBy(() -> Matrix.zeros(2, 3).times(Matrix.zeros(4, 2))).hasMessageContaining("3 and 4");
        assertThatThrownBy(() -> new Matrix(2, 2, new double[3])).hasMessageContaining("2 x 2");
    }

    private static void assertOrthonormal(Matrix q) {
        Matrix gram = q.transposedTimes(q);
        for (int i = 0; i < gram.rows(); i++) {
            for (int j = 0; j < gram.columns(); j++) {
                assertThat(gram.at(i, j)).isCloseTo(i == j ? 1 : 0, within(1e-13));
            }
        }
    }

    private static Matrix random(String name, int rows, int columns) {
        SeededBits bits = new SeededBits(1, name);
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) values[i] = bits.unit(i) - 0.5;
        return new Matrix(rows, columns, values);
    }
}
