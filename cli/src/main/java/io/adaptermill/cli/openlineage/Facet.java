package io.adaptermill.cli.openlineage;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;

/// A named group of facts. The standard's own keep its names and schemas; ours are prefixed `adaptermill_`
/// where they stand in a map of facets.
public sealed interface Facet {
    String SPECIFICATION = "https://openlineage.io/spec/";

    @JsonProperty("_producer")
    default String producer() {
        return RunEvent.PRODUCER;
    }

    @JsonProperty("_schemaURL")
    String schemaUrl();

    /// Under `jobType`.
    record JobType(String processingType, String integration, String jobType) implements Facet {
        @Override
        public String schemaUrl() {
            return SPECIFICATION + "facets/2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet";
        }
    }

    /// Under `version`.
    record DatasetVersion(String datasetVersion) implements Facet {
        @Override
        public String schemaUrl() {
            return SPECIFICATION + "facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet";
        }
    }

    /// Under `errorMessage`.
    record ErrorMessage(String message, String programmingLanguage) implements Facet {
        @Override
        public String schemaUrl() {
            return SPECIFICATION + "facets/1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet";
        }
    }

    /// Under `adaptermill_batch`: what a training run learned.
    record Batch(BatchId batch, long seed, List<EventId> events) implements Facet {
        public Batch {
            events = List.copyOf(events);
        }

        @Override
        public String schemaUrl() {
            return SPECIFICATION + "2-0-2/OpenLineage.json#/$defs/RunFacet";
        }
    }

    /// Under `adaptermill_verdict`: how an evaluation or a promotion ended.
    record Verdict(VersionId version, String outcome, String reason) implements Facet {
        @Override
        public String schemaUrl() {
            return SPECIFICATION + "2-0-2/OpenLineage.json#/$defs/RunFacet";
        }
    }

    /// Under `adaptermill_artifact`: the digest that names an adapter's bytes.
    record Artifact(Digest sha256) implements Facet {
        @Override
        public String schemaUrl() {
            return SPECIFICATION + "2-0-2/OpenLineage.json#/$defs/DatasetFacet";
        }
    }
}
