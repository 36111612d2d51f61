package dev.rediswarden.preflight;

/** A variable of the site that holds a URL, and who reads it. */
public enum Variable {
    REDIS_URL("REDIS_URL", "redis-py and django-redis"),
    /** Read by kombu. */
    CELERY_BROKER_URL("CELERY_BROKER_URL", "Celery"),
    CELERY_RESULT_BACKEND("CELERY_RESULT_BACKEND", "Celery"),
    /** One that was given by itself; nobody knows for whom. */
    URL("url", "its reader");

    private final String key;
    private final String reader;

    Variable(String key, String reader) {
        this.key = key;
        this.reader = reader;
    }

    /** Its name in answers. */
    public String key() {
        return key;
    }

    String reader() {
        return reader;
    }

    boolean isCelerys() {
        return this == CELERY_BROKER_URL || this == CELERY_RESULT_BACKEND;
    }
}
