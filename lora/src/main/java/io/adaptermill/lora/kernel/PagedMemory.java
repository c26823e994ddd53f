package io.adaptermill.lora.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Memory that lies in a file, so that the system may take its pages back while nobody reads them.
///
/// The file has no name from the moment it is mapped: it is gone with the memory, however the process ends.
final class PagedMemory {
    private PagedMemory() {}

    /// @param folder on a disk; in memory where a temporary folder is, which would page nothing
    /// @return zeros, aligned to a page
    /// @throws UncheckedIOException if the folder cannot hold so many bytes
    static MemorySegment of(Path folder, long size, Arena arena) {
        try {
            Path file = Files.createTempFile(folder, "adaptermill", ".paged");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return plain(channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot page " + size + " bytes in " + folder + ": make room there, or raise pagedAboveMiB", e);
        }
    }

    /// The same bytes as a segment of the common class: see [Lanes#MEMORY] for what another class costs.
    @SuppressWarnings("restricted") // the arena that the mapping lives in is closed by the same chunk
    private static MemorySegment plain(MemorySegment mapped) {
        return MemorySegment.ofAddress(mapped.address()).reinterpret(mapped.byteSize());
    }
}
