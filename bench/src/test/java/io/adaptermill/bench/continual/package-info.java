@NullMarked
package io.adaptermill.bench.continual;

import org.jspecify.annotations.NullMarked;
