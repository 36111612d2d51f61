/** How a file is written. */
@NullMarked
package dev.rediswarden.files;

import org.jspecify.annotations.NullMarked;
