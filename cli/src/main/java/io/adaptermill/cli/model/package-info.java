/// Gets the base model once and checks every byte of it.
@NullMarked
package io.adaptermill.cli.model;

import org.jspecify.annotations.NullMarked;
