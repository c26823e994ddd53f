/// Mistakes made on purpose on a stack of one's own, to see how long it takes until they are taken back.
@NullMarked
package io.adaptermill.cli.drill;

import org.jspecify.annotations.NullMarked;
