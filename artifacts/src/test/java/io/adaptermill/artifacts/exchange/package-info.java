@NullMarked
package io.adaptermill.artifacts.exchange;

import org.jspecify.annotations.NullMarked;
