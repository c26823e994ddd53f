package io.adaptermill.serving.chat;

/// Carries a [ChatProblem] out of the reading of a request; the HTTP shell turns it into the answer.
public final class RefusedRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ChatProblem problem;

    public RefusedRequest(ChatProblem problem) {
        super(problem.message());
        this.problem = problem;
    }

    public ChatProblem problem() {
        return problem;
    }
}
