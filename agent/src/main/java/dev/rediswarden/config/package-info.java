/** The configuration: records, and the strict reader that tells every problem at once. */
@NullMarked
package dev.rediswarden.config;

import org.jspecify.annotations.NullMarked;
