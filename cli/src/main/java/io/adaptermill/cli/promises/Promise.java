package io.adaptermill.cli.promises;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/// One promise and what the evidence says about it.
///
/// @param name short and stable, for reports
/// @param sentence what is promised, in words
/// @param checked how many things were looked at; 0 means that the evidence says nothing
/// @param violations one sentence each, empty if the promise was kept
public record Promise(String name, String sentence, long checked, List<String> violations) {
    public Promise {
        violations = List.copyOf(violations);
    }

    @JsonProperty
    public boolean kept() {
        return violations.isEmpty();
    }
}
