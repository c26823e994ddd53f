@NullMarked
package io.adaptermill.artifacts.merge;

import org.jspecify.annotations.NullMarked;
