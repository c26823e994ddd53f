/// How much of earlier batches is left after later ones, with and without what keeps it: five tasks in a row
/// on a small real model.
///
/// [ContinualBench] trains as the product does, each task a batch on top of the one before it, and asks for
/// answers.
@NullMarked
package io.adaptermill.bench.continual;

import org.jspecify.annotations.NullMarked;
