/// The whole journey in a few minutes, told line by line and checked at the end.
@NullMarked
package io.adaptermill.cli.demo;

import org.jspecify.annotations.NullMarked;
