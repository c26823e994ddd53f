/// What can go wrong beyond a refusal that the domain foresees, and what the shell does about each.
@NullMarked
package io.adaptermill.schemas.error;

import org.jspecify.annotations.NullMarked;
