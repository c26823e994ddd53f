/// What poisoned feedback can do to a tenant: eight kinds of it, each at several strengths, through ingest's defences,
/// the real training and the evaluator's real judgement, on a small real model.
///
/// [PoisonBench] runs them, [Mill] is the pipeline without Kafka, [Attack] makes the poison, [Harm] asks the model what
/// it took up.
@NullMarked
package io.adaptermill.bench.poison;

import org.jspecify.annotations.NullMarked;
