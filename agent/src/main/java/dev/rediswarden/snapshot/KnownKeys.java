package dev.rediswarden.snapshot;

import java.util.List;

/**
 * Which keys of known names a server holds; asked for by their exact names, for a search would grow with the keyspace.
 *
 * @param celery databases that hold keys of Celery's broker
 * @param planted databases that hold several of the keys that known attacks leave behind
 * @param queues those that were looked at
 * @param complete false where there were more databases than are looked at
 */
public record KnownKeys(List<Integer> celery, List<Integer> planted, List<Queue> queues, boolean complete) {

    public KnownKeys {
        celery = List.copyOf(celery);
        planted = List.copyOf(planted);
        queues = List.copyOf(queues);
    }
}
