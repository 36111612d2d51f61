package dev.rediswarden.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** One answer to {@code GET /metrics}. */
public final class Scrape {

    /** Renders the metrics for a request. */
    public interface Source {

        /** @param accept the request's Accept header; empty where it has none */
        Scrape scrape(String accept);
    }

    private final String contentType;
    private final List<byte[]> body;

    /**
     * Takes the body as it is.
     *
     * @param body in UTF-8; in parts, which are sent one after the other: of many servers it is a megabyte
     */
    public Scrape(String contentType, List<byte[]> body) {
        this.contentType = contentType;
        this.body = List.copyOf(body);
    }

    String contentType() {
        return contentType;
    }

    void writeTo(OutputStream out) throws IOException {
        for (byte[] part : body) {
            out.write(part);
        }
    }

    int length() {
        return body.stream().mapToInt(part -> part.length).sum();
    }
}
