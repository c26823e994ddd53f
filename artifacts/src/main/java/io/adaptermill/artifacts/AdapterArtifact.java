package io.adaptermill.artifacts;

/// An adapter with the account of where it comes from: what a store keeps.
public record AdapterArtifact(Adapter adapter, Provenance provenance) {}
