/// Our journey in the words of OpenLineage (specification 2-0-2), for catalogues such as Marquez or DataHub:
/// pure.
@NullMarked
package io.adaptermill.cli.openlineage;

import org.jspecify.annotations.NullMarked;
