/** Shows a report in a terminal. */
@NullMarked
package dev.rediswarden.cli;

import org.jspecify.annotations.NullMarked;
