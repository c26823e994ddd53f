@NullMarked
package io.adaptermill.artifacts.matrix;

import org.jspecify.annotations.NullMarked;
