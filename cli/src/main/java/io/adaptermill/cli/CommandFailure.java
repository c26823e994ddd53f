package io.adaptermill.cli;

/// A command that could not do what it was asked, told to people: what happened and where, and what to do next.
///
/// *What to do:* nothing by catching it; the command line prints it and exits with its code.
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int exit;
    private final String nextStep;

    /// @param exit one of [Exit]
    /// @param what happened and where, one sentence
    /// @param nextStep a command or an action
    public CommandFailure(int exit, String what, String nextStep) {
        super(what);
        this.exit = exit;
        this.nextStep = nextStep;
    }

    public CommandFailure(int exit, String what, String nextStep, Throwable cause) {
        super(what, cause);
        this.exit = exit;
        this.nextStep = nextStep;
    }

    public int exit() {
        return exit;
    }

    public String nextStep() {
        return nextStep;
    }
}
