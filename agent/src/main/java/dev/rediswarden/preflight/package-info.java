/** What a site's environment file says of Redis, and whether the site could work with it. Reads and asks nothing itself. */
@NullMarked
package dev.rediswarden.preflight;

import org.jspecify.annotations.NullMarked;
