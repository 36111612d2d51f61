/** Sockets whose every wait has an end: by one deadline, over unix and TLS too. */
@NullMarked
package dev.rediswarden.socket;

import org.jspecify.annotations.NullMarked;
