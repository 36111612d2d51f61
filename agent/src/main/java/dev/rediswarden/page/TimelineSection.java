package dev.rediswarden.page;

import dev.rediswarden.history.Event;
import java.util.List;

/** What has happened, the newest first. */
final class TimelineSection {

    private TimelineSection() {}

    static void write(Html html, List<Event> events) {
        html.open("section", "class", "timeline", "aria-labelledby", "timeline")
                .element("h2", "What has happened", "id", "timeline");
        if (events.isEmpty()) {
            html.element("p", "Nothing is on record.");
        } else {
            html.open("ol");
            for (Event event : events) {
                html.open("li").time(event.at());
                html.element("span", event.kind().word(), "class", "kind");
                String about = event.redis().isEmpty() ? event.subject() : event.redis() + ": " + event.subject();
                html.open("span")
                        .element("strong", about)
                        .text(" " + event.text())
                        .close("span");
                html.closeLine("li");
            }
            html.closeLine("ol");
        }
        html.closeLine("section");
    }
}
