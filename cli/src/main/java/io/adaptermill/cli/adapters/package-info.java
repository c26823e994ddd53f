/// Adapters by the names that people have for them: a version, a digest, a folder.
@NullMarked
package io.adaptermill.cli.adapters;

import org.jspecify.annotations.NullMarked;
