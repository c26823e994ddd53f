/// What was done when a person asked to be forgotten: pure.
@NullMarked
package io.adaptermill.cli.erasure;

import org.jspecify.annotations.NullMarked;
