/** How a file is written, and seen to have changed. */
@NullMarked
package dev.rediswarden.files;

import org.jspecify.annotations.NullMarked;
