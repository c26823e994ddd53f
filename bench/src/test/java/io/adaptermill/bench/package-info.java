@NullMarked
package io.adaptermill.bench;

import org.jspecify.annotations.NullMarked;
