/// What users say ([Feedback]) and what a model can learn from it ([Example]).
@NullMarked
package io.adaptermill.schemas.feedback;

import org.jspecify.annotations.NullMarked;
