/// Training a version again from the log, and comparing every byte. All but [LoraEngine] knows no engine and
/// no Kafka.
@NullMarked
package io.adaptermill.cli.rebuild;

import org.jspecify.annotations.NullMarked;
