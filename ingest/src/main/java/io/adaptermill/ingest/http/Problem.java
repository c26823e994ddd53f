package io.adaptermill.ingest.http;

/// Every way a request can fail, in one place: what the answer says of it, and what to do.
enum Problem {
    MALFORMED(400, "The body cannot be read", "Correct the named place and send the event again."),
    INVALID(400, "The feedback is not as agreed", "Correct the named fields; schemas/ has the JSON Schema."),
    UNSUPPORTED_VERSION(
            400,
            "The event's version is not known here",
            "Send ce-type io.adaptermill.feedback.received.v1, or upgrade Adaptermill."),
    UNAUTHENTICATED(
            401,
            "The API key belongs to no tenant",
            "Send the tenant's key as Authorization: Bearer KEY; `adaptermill tenants apply` registers tenants."),
    NOT_FOUND(
            404,
            "There is nothing at this address",
            "Use /v1/feedback, /v1/feedback:batch, /v1/erasures or /v1/lineage."),
    UNKNOWN(404, "There is nothing of this name", "Check the id; what is older than a month is forgotten."),
    METHOD_NOT_ALLOWED(405, "This method is not taken here", "Use one that the header Allow names."),
    CONFLICT(
            409,
            "It contradicts what is under way",
            "Look at what the detail names, then decide whether to ask again."),
    TOO_LARGE(413, "The request is too large", "Shorten the conversation, or send fewer events at once."),
    UNSUPPORTED_MEDIA_TYPE(415, "The content type is not taken here", "Send one of the types named in the detail."),
    BROKEN(500, "We failed on this request", "Send it again; if it fails again, report it with the time."),
    UNAVAILABLE(503, "This cannot be done now", "Send it again, with the same id, after the time in Retry-After.");

    private static final String TYPE_PREFIX = "urn:adaptermill:problem:";

    private final int status;
    private final String title;
    private final String nextStep;

    Problem(int status, String title, String nextStep) {
        this.status = status;
        this.title = title;
        this.nextStep = nextStep;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    String nextStep() {
        return nextStep;
    }

    /// For programs; never changes once published.
    String code() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    String type() {
        return TYPE_PREFIX + code();
    }
}
