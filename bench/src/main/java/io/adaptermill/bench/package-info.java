/// How fast training is, next to other programs, on the machine of whoever runs it.
///
/// Every program is a process of its own that reads commands and answers with times ([Contender]), so that they can
/// take
/// turns: [StepBench] asks each for one step, round after round. Slow and fast minutes of a machine so meet all alike.
/// [OurSteps] is our program, `bench/peers.py` the Python ones.
@NullMarked
package io.adaptermill.bench;

import org.jspecify.annotations.NullMarked;
