/** Tells people and programs elsewhere what has changed: the spool that the daemon writes, and what delivers from it. */
@NullMarked
package dev.rediswarden.notify;

import org.jspecify.annotations.NullMarked;
