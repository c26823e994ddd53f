@NullMarked
package io.adaptermill.schemas.policy;

import org.jspecify.annotations.NullMarked;
