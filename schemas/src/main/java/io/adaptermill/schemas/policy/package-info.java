/// What a tenant may configure, with defaults that work.
@NullMarked
package io.adaptermill.schemas.policy;

import org.jspecify.annotations.NullMarked;
