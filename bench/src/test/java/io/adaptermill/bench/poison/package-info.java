@NullMarked
package io.adaptermill.bench.poison;

import org.jspecify.annotations.NullMarked;
