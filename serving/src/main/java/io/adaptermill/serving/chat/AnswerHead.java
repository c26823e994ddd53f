package io.adaptermill.serving.chat;

/// What every part of one answer repeats.
///
/// @param created seconds since 1970
/// @param version label of the version that writes it
public record AnswerHead(String id, long created, String model, String version) {}
