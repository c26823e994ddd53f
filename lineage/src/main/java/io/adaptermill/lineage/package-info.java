/// Reads the topics that lineage is made of.
@NullMarked
package io.adaptermill.lineage;

import org.jspecify.annotations.NullMarked;
