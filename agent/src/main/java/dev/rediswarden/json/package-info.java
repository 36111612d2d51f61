/** The health document, as HTTP and the command line both show it. */
@NullMarked
package dev.rediswarden.json;

import org.jspecify.annotations.NullMarked;
