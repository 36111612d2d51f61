/** systemd as the agent meets it: units and signals over D-Bus, sd_notify(3), and the journal's line format. */
@NullMarked
package dev.rediswarden.systemd;

import org.jspecify.annotations.NullMarked;
