/// What `plan` says. Only here and in `rebuild` does the command know the engine.
@NullMarked
package io.adaptermill.cli.planning;

import org.jspecify.annotations.NullMarked;
