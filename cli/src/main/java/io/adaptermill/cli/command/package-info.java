/// One class for each command: parses words, calls the shell, says what happened and what to do next.
@NullMarked
package io.adaptermill.cli.command;

import org.jspecify.annotations.NullMarked;
