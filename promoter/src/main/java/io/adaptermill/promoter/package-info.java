/// The promoter's shell: evaluations come in, decisions and the pointer of what serves go out.
@NullMarked
package io.adaptermill.promoter;

import org.jspecify.annotations.NullMarked;
