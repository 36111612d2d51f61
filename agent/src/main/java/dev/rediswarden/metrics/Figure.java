package dev.rediswarden.metrics;

import io.prometheus.metrics.model.snapshots.Labels;

/**
 * One sample of the agent's own, of which there may be none.
 *
 * @param name counted up for ever where it ends in {@code _total}
 * @param label what tells it from others of its name, and its value; empty where it is the only one
 */
public record Figure(String name, String help, String label, String of, double number) {

    void add(Samples samples) {
        Labels labels = label.isEmpty() ? Labels.EMPTY : Labels.of(label, of);
        if (name.endsWith("_total")) {
            samples.counter(name, help, labels, number);
        } else {
            samples.gauge(name, help, labels, number);
        }
    }
}
