/// Where an answer comes from, and what became of a piece of feedback: pure, by ids alone.
@NullMarked
package io.adaptermill.lineage.history;

import org.jspecify.annotations.NullMarked;
