/// What people see: lines, tables, bars and colours, or plain text where there is no terminal.
@NullMarked
package io.adaptermill.cli.terminal;

import org.jspecify.annotations.NullMarked;
