package io.adaptermill.schemas.feedback;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.adaptermill.schemas.Checks;

/// One thing to learn: feedback after screening, redaction and joining, so it always carries its text.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Example.Demonstration.class, name = "demonstration"),
    @JsonSubTypes.Type(value = Example.Edit.class, name = "edit"),
    @JsonSubTypes.Type(value = Example.Preference.class, name = "preference"),
    @JsonSubTypes.Type(value = Example.Rating.class, name = "rating"),
})
public sealed interface Example {
    Prompt prompt();

    /// Trains with SFT.
    record Demonstration(Prompt prompt, String response) implements Example {
        public Demonstration {
            Checks.filled("response", response);
        }
    }

    /// Trains with SFT on the edit, and DPO of the edit over the original.
    record Edit(Prompt prompt, String original, String edited) implements Example {
        public Edit {
            Checks.filled("original", original);
            Checks.filled("edited", edited);
        }
    }

    /// Trains with DPO.
    record Preference(Prompt prompt, String chosen, String rejected) implements Example {
        public Preference {
            Checks.filled("chosen", chosen);
            Checks.filled("rejected", rejected);
        }
    }

    /// Trains with KTO.
    record Rating(Prompt prompt, String response, boolean good) implements Example {
        public Rating {
            Checks.filled("response", response);
        }
    }
}
