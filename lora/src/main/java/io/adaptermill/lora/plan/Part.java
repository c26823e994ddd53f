package io.adaptermill.lora.plan;

/// One thing that takes memory.
///
/// @param why how the number comes about
public record Part(String name, long bytes, String why) {}
