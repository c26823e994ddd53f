package io.adaptermill.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/// Says which kernel a thread spends its time in, by looking at its stack a thousand times a second; so the product
/// needs
/// no clocks of its own. A share of 1 % is a hundred looks in ten seconds: good to a tenth of itself.
final class StackSampler extends Thread {
    private static final long PAUSE_NANOS = 1_000_000;
    private static final String OURS = "io.adaptermill.lora.";
    private static final String KERNELS = OURS + "kernel.";

    private static final String BENCH = "io.adaptermill.bench.";
    static final String ELSEWHERE = "elsewhere";

    private final Thread watched;
    private final Map<String, Integer> looks = new TreeMap<>();
    private volatile boolean ended;

    StackSampler(Thread watched) {
        super("sampler");
        this.watched = watched;
        setDaemon(true);
    }

    @Override
    public void run() {
        while (!ended) {
            looks.merge(place(watched.getStackTrace()), 1, Integer::sum);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /// Ends the looking.
    ///
    /// @return how often the thread was seen where
    Map<String, Integer> end() throws InterruptedException {
        ended = true;
        join();
        return Map.copyOf(looks);
    }

    /// The outermost kernel, and what of the model's code called it.
    static String place(StackTraceElement... stack) {
        String kernel = "";
        for (StackTraceElement frame : stack) {
            if (frame.getClassName().startsWith(BENCH)) return ELSEWHERE;
            if (frame.getClassName().startsWith(KERNELS)) {
                kernel = name(frame);
            } else if (frame.getClassName().startsWith(OURS)) {
                return kernel.isEmpty() ? name(frame) : kernel + " < " + name(frame);
            }
        }
        return kernel.isEmpty() ? ELSEWHERE : kernel;
    }

    private static String name(StackTraceElement frame) {
        String type = frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1);
        String method = frame.getMethodName().replaceAll("lambda\\$(\\w+)\\$\\d+", "$1");
        return type.replaceAll("\\$.*", "") + "." + method;
    }
}
