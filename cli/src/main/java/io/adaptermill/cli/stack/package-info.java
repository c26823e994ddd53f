/// A local stack: the broker and the five services as child processes, their ports, logs and health.
@NullMarked
package io.adaptermill.cli.stack;

import org.jspecify.annotations.NullMarked;
