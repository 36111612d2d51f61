package dev.rediswarden.http;

/** One answer to {@code GET /metrics}. */
public final class Scrape {

    /** Renders the metrics for a request. */
    public interface Source {

        /** @param accept the request's Accept header; empty where it has none */
        Scrape scrape(String accept);
    }

    private final String contentType;
    private final byte[] body;

    /**
     * Takes the body as it is.
     *
     * @param body in UTF-8
     */
    public Scrape(String contentType, byte[] body) {
        this.contentType = contentType;
        this.body = body;
    }

    String contentType() {
        return contentType;
    }

    byte[] body() {
        return body;
    }
}
