package io.adaptermill.lora.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes a TorchScript archive in memory, so that kernels travel as readable text and no Python is needed.
///
/// The archive is a stored (never compressed) zip of five entries: the pickle of one empty module, its source,
/// no constants, the format's version and the byte order.
final class TorchScriptArchive {
    private static final String HEADER = """
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
            """;
    /// Protocol 2: `__torch__.M()` with the state `{"training": True}`.
    private static final byte[] MODULE_PICKLE = bytes("\u0080\u0002c__torch__\nM\n)\u0081}(X\b\0\0\0training\u0088ub.");
    /// Protocol 2: the empty tuple.
    private static final byte[] EMPTY_PICKLE = bytes("\u0080\u0002).");

    private TorchScriptArchive() {}

    /// @param methods the module's methods, indented by two spaces, in the language torch itself serialises to
    static byte[] of(String methods) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "data.pkl", MODULE_PICKLE);
            store(zip, "code/__torch__.py", (HEADER + methods).getBytes(StandardCharsets.UTF_8));
            store(zip, "constants.pkl", EMPTY_PICKLE);
            store(zip, "version", bytes("10\n"));
            store(zip, "byteorder", bytes("little"));
        } catch (IOException e) {
            throw new UncheckedIOException("a zip in memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry("m/" + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        entry.setCrc(checksum.getValue());
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }
}
