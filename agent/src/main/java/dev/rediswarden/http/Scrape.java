package dev.rediswarden.http;

/** One answer to {@code GET /metrics}: the body and the format that it is in. */
public record Scrape(String contentType, String body) {

    /** Renders the metrics for a request. */
    public interface Source {

        /** @param accept the request's Accept header; empty where it has none */
        Scrape scrape(String accept);
    }
}
