package io.adaptermill.artifacts.signing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/// Keys as OpenSSL writes them.
final class Pem {
    private Pem() {}

    /// @throws IllegalArgumentException if the file has no block of that label; its content is not in the
    ///     message
    static byte[] read(Path file, String label, String remedy) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the key " + file, e);
        }
        String begin = "-----BEGIN " + label + "-----";
        String end = "-----END " + label + "-----";
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException(file + " must hold a " + label + " in PEM: " + remedy);
        }
        return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    }
}
