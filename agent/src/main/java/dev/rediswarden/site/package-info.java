/** Asks the sites of this host for their health. */
@NullMarked
package dev.rediswarden.site;

import org.jspecify.annotations.NullMarked;
