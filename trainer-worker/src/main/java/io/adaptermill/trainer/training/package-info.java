/// What a batch becomes, decided without Kafka, clock or engine.
@NullMarked
package io.adaptermill.trainer.training;

import org.jspecify.annotations.NullMarked;
