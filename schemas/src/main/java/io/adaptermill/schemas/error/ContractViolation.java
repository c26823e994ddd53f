package io.adaptermill.schemas.error;

/// A record that is not what its topic promises.
///
/// Raised when bytes cannot be read as their topic's event: it will never succeed. What to do: publish the record to
/// the dead letters with this cause in its headers, and go on with the next. The message holds no user text.
public final class ContractViolation extends AdaptermillException {
    private static final long serialVersionUID = 1L;

    private final String topic;
    private final int partition;
    private final long offset;
    private final String field;
    private final String rule;

    /// @param field the part at fault: `key`, a header such as `ce_type`, `data`, or a field of the data such as
    ///     `data.prompt[0].role`
    /// @param rule what it must be, in words, without user text
    public ContractViolation(String topic, int partition, long offset, String field, String rule) {
        super(field + " " + rule + " (record " + topic + "-" + partition + "@" + offset + ")");
        this.topic = topic;
        this.partition = partition;
        this.offset = offset;
        this.field = field;
        this.rule = rule;
    }

    public String topic() {
        return topic;
    }

    public int partition() {
        return partition;
    }

    public long offset() {
        return offset;
    }

    public String field() {
        return field;
    }

    public String rule() {
        return rule;
    }
}
