package dev.rediswarden.http;

import dev.rediswarden.check.Report;
import dev.rediswarden.page.Asset;
import dev.rediswarden.page.StatusPage;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /} as a page for a browser and as lines of text for curl, and what the page asks for. */
public record PagePaths(Supplier<Report> reports, StatusPage page) {

    private static final String TEXT = "text/plain; charset=utf-8";

    /** Nothing from elsewhere, nothing within the page itself, nothing that sends or embeds. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** {@code [?redis=NAME]}, whose charts are wanted. */
    void index(Context request) {
        Report report = reports.get();
        request.header("Vary", "Accept");
        if (!Optional.ofNullable(request.header("Accept")).orElse("").contains("text/html")) {
            request.contentType(TEXT)
                    .result("redis-warden: " + report.summary()
                            + "\n\n/health\n/health/NAME\n/health/live\n/metrics\n/history\n/events\n");
            return;
        }
        request.header("Content-Security-Policy", POLICY);
        request.header("Referrer-Policy", "no-referrer");
        String redis = Optional.ofNullable(request.queryParam("redis")).orElse("");
        request.contentType("text/html; charset=utf-8").result(page.html(report, redis));
    }

    void asset(Context request) {
        Asset asset = Asset.of(request.pathParam("version"), request.pathParam("name"))
                .orElseThrow(NotFoundResponse::new);
        request.header("Cache-Control", "public, max-age=31536000, immutable");
        request.contentType(asset.contentType()).result(asset.bytes());
    }
}
