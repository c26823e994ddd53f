/// What compilers cannot see: the words for people are true.
@NullMarked
package io.adaptermill.docs;

import org.jspecify.annotations.NullMarked;
