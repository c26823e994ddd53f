/// Which candidate serves, decided from verdicts alone.
@NullMarked
package io.adaptermill.promoter.promotion;

import org.jspecify.annotations.NullMarked;
