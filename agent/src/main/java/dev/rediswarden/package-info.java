/** The program: its commands, and the wiring of the daemon. */
@NullMarked
package dev.rediswarden;

import org.jspecify.annotations.NullMarked;
