package io.adaptermill.serving.swap;

/// A version that was replaced but may still be finishing answers.
///
/// @param served what answered before
/// @param successor what took its place
public record Retired(Served served, Served successor) {}
