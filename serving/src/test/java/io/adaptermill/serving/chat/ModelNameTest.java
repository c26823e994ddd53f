package io.adaptermill.serving.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import org.junit.jupiter.api.Test;

class ModelNameTest {
    @Test
    void a_model_is_the_base_a_tenant_or_exactly_one_version() {
        assertThat(ModelName.parse("base")).contains(new ModelName.Base());
        assertThat(ModelName.parse("acme")).contains(new ModelName.Tenant(new TenantId("acme")));
        assertThat(ModelName.parse("acme@champion")).contains(new ModelName.Tenant(new TenantId("acme")));
        assertThat(ModelName.parse("acme@7")).contains(new ModelName.Pinned(VersionId.parse("acme@7")));
        assertThat(ModelName.parse("acme@0")).isEmpty();
        assertThat(ModelName.parse("Acme Inc.")).isEmpty();
        assertThat(ModelName.parse("")).isEmpty();
    }
}
