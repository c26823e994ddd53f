/// Working off a topic as a member of a consumer group, each record with exactly one result.
///
/// [ExactlyOnceLoop] tells the story, [Claims] is what it must know of the group, [Transactions] is what it writes
/// with. [ChannelWorker] does so on a thread of its own, and [ChannelClaims] asks a SmallRye channel's consumer; who
/// uses these two brings SmallRye.
@NullMarked
package io.adaptermill.kafka.group;

import org.jspecify.annotations.NullMarked;
