/// Health, for whoever runs the evaluator.
@NullMarked
package io.adaptermill.evaluator.http;

import org.jspecify.annotations.NullMarked;
