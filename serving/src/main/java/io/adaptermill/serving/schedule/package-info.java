/// Decides whose request is answered next. Pure: the decode loop's thread owns the state.
@NullMarked
package io.adaptermill.serving.schedule;

import org.jspecify.annotations.NullMarked;
