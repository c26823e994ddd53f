/// Health, for whoever runs the worker.
@NullMarked
package io.adaptermill.trainer.http;

import org.jspecify.annotations.NullMarked;
