package dev.rediswarden.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers what Jetty refuses by itself with one line of text. A request that cannot be read is its client's error, 400,
 * even where Jetty answers 505 for a strange version: the only 5xx here is an unhealthy 503.
 */
final class PlainErrors extends ErrorHandler {

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        int told = told(code);
        response.setStatus(told);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        response.write(true, line(told), callback);
    }

    private static int told(int code) {
        return code >= 500 && code != HttpStatus.SERVICE_UNAVAILABLE_503 ? HttpStatus.BAD_REQUEST_400 : code;
    }

    private static ByteBuffer line(int code) {
        return BufferUtil.toBuffer(code + " " + HttpStatus.getMessage(code) + "\n", StandardCharsets.US_ASCII);
    }
}
