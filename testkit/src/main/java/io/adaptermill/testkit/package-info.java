/// What tests share: a real broker, the real model, rules for the code itself.
@NullMarked
package io.adaptermill.testkit;

import org.jspecify.annotations.NullMarked;
