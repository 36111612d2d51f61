/** Asks a Redis or Valkey server about itself; the only importer of Jedis. */
@NullMarked
package dev.rediswarden.redis;

import org.jspecify.annotations.NullMarked;
