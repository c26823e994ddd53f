/// The trainer worker: closed batches in, adapter versions out.
@NullMarked
package io.adaptermill.trainer;

import org.jspecify.annotations.NullMarked;
