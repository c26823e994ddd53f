/// Which version each rated answer came from, and when a version's ratings take its right to serve. Pure.
@NullMarked
package io.adaptermill.promoter.live;

import org.jspecify.annotations.NullMarked;
