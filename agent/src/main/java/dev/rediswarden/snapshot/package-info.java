/** What was read of the world in one cycle: data only, no I/O, no judgement. */
@NullMarked
package dev.rediswarden.snapshot;

import org.jspecify.annotations.NullMarked;
