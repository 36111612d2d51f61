package dev.rediswarden.page;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** HTML that is being written; whatever comes from elsewhere passes {@link #text} or an attribute's value, and is escaped. */
final class Html {

    private static final DateTimeFormatter TO_THE_SECOND = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final StringBuilder html = new StringBuilder(1 << 14);

    /** @param attributes names and values in turn */
    Html open(String element, String... attributes) {
        html.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            html.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            html.append('"');
        }
        html.append('>');
        return this;
    }

    Html close(String element) {
        html.append("</").append(element).append('>');
        return this;
    }

    /** One line of its own for each such element, so that the source can be read. */
    Html closeLine(String element) {
        close(element);
        html.append('\n');
        return this;
    }

    Html text(String text) {
        escape(text);
        return this;
    }

    /** An element that holds text alone. */
    Html element(String element, String text, String... attributes) {
        return open(element, attributes).text(text).closeLine(element);
    }

    /** A moment, for people to the second and for programs as it is. */
    Html time(Instant at) {
        return open("time", "datetime", at.toString())
                .text(TO_THE_SECOND.format(at))
                .close("time");
    }

    /** Markup of this package's own. */
    Html markup(String own) {
        html.append(own);
        return this;
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return html.toString();
    }
}
