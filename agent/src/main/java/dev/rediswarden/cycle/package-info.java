/** Probe, check, publish: the only place that touches the watched world, and its rhythms and deadlines. */
@NullMarked
package dev.rediswarden.cycle;

import org.jspecify.annotations.NullMarked;
