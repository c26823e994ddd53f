package io.adaptermill.ingest.store;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/// One budget of native memory for all stores of the process. By default each of them takes its own, 50 MB
/// and more, and there are some ten for every partition.
///
/// Named by class name in the Streams configuration, so it must be public.
public final class BoundedRocksDb implements RocksDBConfigSetter {
    private static final long CACHE_BYTES = 48L << 20;
    private static final long WRITE_BYTES = 24L << 20;
    private static final long WRITE_BUFFER_BYTES = 2L << 20;
    private static final double INDEX_SHARE = 0.1;

    /// Live as long as the process: stores come and go with their tasks.
    private static final Cache CACHE = new LRUCache(CACHE_BYTES, -1, false, INDEX_SHARE);

    private static final WriteBufferManager WRITES = new WriteBufferManager(WRITE_BYTES, CACHE);

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(WRITES);
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(2);
    }

    /// The cache is shared, so no store closes it.
    @Override
    public void close(String storeName, Options options) {}
}
