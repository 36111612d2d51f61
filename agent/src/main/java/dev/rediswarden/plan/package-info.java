/** What would have to change for the host to be as it is wanted: computed from a snapshot, done elsewhere. */
@NullMarked
package dev.rediswarden.plan;

import org.jspecify.annotations.NullMarked;
