/// Decides how a replica gets from the versions it serves to those that `serving.adapters` asks for. Pure.
@NullMarked
package io.adaptermill.serving.swap;

import org.jspecify.annotations.NullMarked;
