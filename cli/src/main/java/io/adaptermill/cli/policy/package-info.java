/// Tenant policies as documents that people write: YAML with positions, read strictly against the event's schema, and
/// written out with every default. Pure.
@NullMarked
package io.adaptermill.cli.policy;

import org.jspecify.annotations.NullMarked;
