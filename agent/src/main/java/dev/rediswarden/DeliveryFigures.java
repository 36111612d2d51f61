package dev.rediswarden;

import dev.rediswarden.metrics.Figure;
import dev.rediswarden.notify.Backlog;
import dev.rediswarden.notify.Backlog.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the delivery to receivers stands, as metrics. */
final class DeliveryFigures {

    private DeliveryFigures() {}

    /**
     * Of each receiver, and of what nobody has taken yet.
     *
     * @param untaken bulletins that wait for the deliverer to be started
     */
    static List<Figure> of(List<String> receivers, Backlog left, int untaken) {
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure(
                "redis_warden_notify_spooled", "Changes that wait for redis-warden-notify.service", "", "", untaken));
        for (String receiver : receivers) {
            Optional<Waiting> waiting = left.receivers().stream()
                    .filter(one -> one.receiver().equals(receiver))
                    .findFirst();
            figures.add(of(
                    "redis_warden_notify_pending",
                    "Changes that the receiver is still to be told",
                    receiver,
                    waiting.map(Waiting::changes).orElse(0)));
            figures.add(of(
                    "redis_warden_notify_failing",
                    "Whether the last try to tell the receiver failed: 1 or 0",
                    receiver,
                    waiting.filter(one -> !one.why().isEmpty()).isPresent() ? 1 : 0));
            figures.add(of(
                    "redis_warden_notify_failed_total",
                    "Messages to the receiver that were given up",
                    receiver,
                    (double) left.givenUp().getOrDefault(receiver, 0L)));
        }
        return List.copyOf(figures);
    }

    private static Figure of(String name, String help, String receiver, double number) {
        return new Figure(name, help, "receiver", receiver, number);
    }
}
