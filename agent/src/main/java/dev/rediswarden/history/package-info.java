/** What was: figures of the last day and month in files of a fixed size, and what has happened. */
@NullMarked
package dev.rediswarden.history;

import org.jspecify.annotations.NullMarked;
