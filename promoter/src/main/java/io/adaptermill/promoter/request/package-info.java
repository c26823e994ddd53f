/// What people ask for, and what becomes of it. Pure.
@NullMarked
package io.adaptermill.promoter.request;

import org.jspecify.annotations.NullMarked;
