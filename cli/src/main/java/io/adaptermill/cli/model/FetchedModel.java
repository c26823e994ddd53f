package io.adaptermill.cli.model;

import java.nio.file.Path;

/// A base model on this machine.
///
/// @param path file or folder
/// @param source in words: where it came from, which decides bits of the results
/// @param downloadedBytes 0 if it was here already
public record FetchedModel(Path path, String source, long downloadedBytes) {}
