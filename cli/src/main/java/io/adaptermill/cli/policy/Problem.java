package io.adaptermill.cli.policy;

/// One thing that is wrong with a document.
///
/// @param path of the field, such as `spec.gate.alpha`; empty for the document itself
/// @param what is wrong, and what is allowed
public record Problem(Place place, String path, String what) {
    /// As compilers say it, so that editors find the place.
    public String in(String file) {
        return file + ":" + place + ": " + (path.isEmpty() ? "" : path + " ") + what;
    }
}
