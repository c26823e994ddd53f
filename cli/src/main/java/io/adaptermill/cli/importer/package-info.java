/// Reads feedback in the formats that people have: pure, from bytes to events or refusals.
@NullMarked
package io.adaptermill.cli.importer;

import org.jspecify.annotations.NullMarked;
