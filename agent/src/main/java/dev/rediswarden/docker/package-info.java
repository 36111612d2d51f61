/** Asks a Docker engine about the Swarm service that runs a server; it never asks for a change. */
@NullMarked
package dev.rediswarden.docker;

import org.jspecify.annotations.NullMarked;
