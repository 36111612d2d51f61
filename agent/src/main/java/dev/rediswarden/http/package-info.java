/** Serves the latest report over HTTP; a request reads nothing but that, and changes nothing. */
@NullMarked
package dev.rediswarden.http;

import org.jspecify.annotations.NullMarked;
