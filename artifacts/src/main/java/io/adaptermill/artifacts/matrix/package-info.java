/// Small dense matrices in double precision: products, QR, singular values. Plain Java, one thread, the
/// same bits everywhere.
@NullMarked
package io.adaptermill.artifacts.matrix;

import org.jspecify.annotations.NullMarked;
