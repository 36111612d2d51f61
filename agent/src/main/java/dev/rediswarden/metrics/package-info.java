/** Renders the latest report, and the agent's own figures, for Prometheus. */
@NullMarked
package dev.rediswarden.metrics;

import org.jspecify.annotations.NullMarked;
