/// Which conversations a candidate answers. Pure.
@NullMarked
package io.adaptermill.serving.canary;

import org.jspecify.annotations.NullMarked;
