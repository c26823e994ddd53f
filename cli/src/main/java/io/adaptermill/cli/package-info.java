/// The `adaptermill` command: starts, stops and asks a local stack, sends feedback, tells the demo's story.
@NullMarked
package io.adaptermill.cli;

import org.jspecify.annotations.NullMarked;
