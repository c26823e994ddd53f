package io.adaptermill.cli.openlineage;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// One transition of a run, spelled as OpenLineage's `RunEvent`.
public record RunEvent(
        Instant eventTime,
        String producer,
        String schemaURL,
        Type eventType,
        Run run,
        Job job,
        List<Dataset> inputs,
        List<Dataset> outputs) {
    static final String PRODUCER = "urn:adaptermill:cli";
    private static final String SPECIFICATION = "https://openlineage.io/spec/2-0-2/OpenLineage.json";

    public RunEvent {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    static RunEvent of(Instant time, Type type, Run run, Job job, List<Dataset> inputs, List<Dataset> outputs) {
        return new RunEvent(time, PRODUCER, SPECIFICATION + "#/$defs/RunEvent", type, run, job, inputs, outputs);
    }

    /// Those of the standard's transitions that we have.
    public enum Type {
        START,
        COMPLETE,
        FAIL
    }

    /// @param runId the same for all transitions of a run
    public record Run(UUID runId, Map<String, Facet> facets) {
        public Run {
            facets = Collections.unmodifiableMap(new TreeMap<>(facets));
        }
    }

    public record Job(String namespace, String name, Map<String, Facet> facets) {
        public Job {
            facets = Collections.unmodifiableMap(new TreeMap<>(facets));
        }
    }

    public record Dataset(String namespace, String name, Map<String, Facet> facets) {
        public Dataset {
            facets = Collections.unmodifiableMap(new TreeMap<>(facets));
        }
    }
}
