package io.adaptermill.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What processes used, as Linux tells it.
final class Usage {
    private Usage() {}

    /// The most memory a process ever held.
    static long peakMegabytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(-1);
        }
    }

    /// Processor time of all threads of this process.
    static double ownCpuMillis() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e6;
    }

    /// Processor time that anybody on this machine used since it started.
    static double machineCpuMillis() throws IOException {
        String[] fields = Files.readString(Path.of("/proc/stat"))
                .lines()
                .findFirst()
                .orElseThrow()
                .split(" +");
        long idle = Long.parseLong(fields[4]) + Long.parseLong(fields[5]);
        long all = 0;
        for (int i = 1; i <= 7; i++) all += Long.parseLong(fields[i]);
        return (all - idle) * 10.0;
    }

    /// The processor's name, and those of its features that decide how fast products are.
    static String processor() throws IOException {
        String info = Files.readString(Path.of("/proc/cpuinfo"));
        String name = line(info, "model name");
        StringBuilder features = new StringBuilder();
        for (String flag : line(info, "flags").split(" ")) {
            if (flag.startsWith("amx") || flag.equals("avx2") || flag.equals("avx512f") || flag.equals("avx512_bf16")) {
                features.append(' ').append(flag);
            }
        }
        return name + "," + features;
    }

    private static String line(String info, String field) {
        return info.lines()
                .filter(line -> line.startsWith(field))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }
}
