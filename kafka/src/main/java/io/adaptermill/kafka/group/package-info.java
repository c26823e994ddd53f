/// Working off a topic as a member of a consumer group, each record with exactly one result.
///
/// [ExactlyOnceLoop] tells the story, [Claims] is what it must know of the group, [Transactions] is what it writes
/// with. [ChannelClaims] asks a SmallRye channel's consumer; who uses it brings SmallRye.
@NullMarked
package io.adaptermill.kafka.group;

import org.jspecify.annotations.NullMarked;
