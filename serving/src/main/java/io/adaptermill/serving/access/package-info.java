/// Decides who may ask which model. Pure.
@NullMarked
package io.adaptermill.serving.access;

import org.jspecify.annotations.NullMarked;
