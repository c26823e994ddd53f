/// The manifests are what the services need and no more than a pod may have.
@NullMarked
package io.adaptermill.k8s;

import org.jspecify.annotations.NullMarked;
