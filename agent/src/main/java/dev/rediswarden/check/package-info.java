/** Judges a snapshot: pure functions, one file per check, and the report that they add up to. */
@NullMarked
package dev.rediswarden.check;

import org.jspecify.annotations.NullMarked;
