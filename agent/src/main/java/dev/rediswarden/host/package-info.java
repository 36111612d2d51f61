/** Reads the host itself: the kernel's tables under /proc, and files. */
@NullMarked
package dev.rediswarden.host;

import org.jspecify.annotations.NullMarked;
