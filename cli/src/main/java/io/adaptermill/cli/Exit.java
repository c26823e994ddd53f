package io.adaptermill.cli;

/// Exit codes, the same for every command.
public final class Exit {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int GATE_SAID_NO = 3;
    public static final int NOT_FOUND = 4;
    public static final int UNREACHABLE = 5;
    public static final int TIMED_OUT = 6;

    private Exit() {}
}
