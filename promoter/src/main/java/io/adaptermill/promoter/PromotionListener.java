package io.adaptermill.promoter;

import io.adaptermill.promoter.promotion.Decision;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.AdapterRef;

/// Hears what the promoter did: metrics and logs. May hear the same twice, when a transaction is repeated.
interface PromotionListener {
    void decided(AdapterRef candidate, Decision decision);

    void unreadable(ContractViolation violation);
}
