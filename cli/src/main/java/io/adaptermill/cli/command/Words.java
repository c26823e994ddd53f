package io.adaptermill.cli.command;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import org.jspecify.annotations.Nullable;

/// Words of the command line as values of the domain.
final class Words {
    private Words() {}

    static TenantId tenant(@Nullable String name) {
        try {
            return new TenantId(name == null ? "" : name);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(Exit.USAGE, e.getMessage() + ".", "choose a name such as acme or north-shop", e);
        }
    }

    static VersionId version(String name) {
        try {
            return VersionId.parse(name);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    Exit.USAGE, e.getMessage() + ".", "name a version such as acme@7, or a digest such as sha256:…", e);
        }
    }

    static SubjectId subject(String name) {
        try {
            return new SubjectId(name);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(Exit.USAGE, e.getMessage() + ".", "name them as the product does", e);
        }
    }
}
