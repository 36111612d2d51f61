package dev.rediswarden.page;

import dev.rediswarden.history.Series;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One figure of the last day as a picture (SVG): its average as a line, what it varied by around it, its limit where it has
 * one, and behind all that the times at which something was wrong. Where nothing is known there is no line.
 */
record Chart(String title, Series figure, @Nullable Series limit, Series health) {

    private static final int WIDTH = 600;
    private static final int HEIGHT = 120;
    private static final double DEGRADED = 1;
    private static final double UNHEALTHY = 2;

    void write(Html html, String redis) {
        String unit = figure.metric().unit();
        double top = top();
        double last = last(figure);
        String now = Double.isNaN(last) ? "not known" : Words.of(last, unit);
        html.open("figure", "data-metric", figure.metric().key(), "data-redis", redis);
        html.open("figcaption").text(title + " ").element("strong", now);
        double bound = limit == null ? Double.NaN : last(limit);
        if (bound > 0) {
            html.text("of " + Words.of(bound, unit));
        }
        html.closeLine("figcaption");
        html.open(
                "svg",
                "viewBox",
                "0 0 " + WIDTH + " " + HEIGHT,
                "preserveAspectRatio",
                "none",
                "role",
                "img",
                "aria-label",
                title + " in the last 24 hours: " + range(unit) + ", now " + now);
        bands(html);
        html.markup("<path class=\"spread\" d=\"").markup(spread(top)).markup("\"/>");
        if (bound > 0) {
            html.markup("<path class=\"limit\" d=\"M0 " + y(bound, top) + "H" + WIDTH + "\"/>");
        }
        html.markup("<path class=\"line\" d=\"")
                .markup(line(top))
                .markup("\"/>")
                .close("svg");
        html.open("p", "class", "axis").element("span", "24 h ago");
        html.element("span", figure.isEmpty() ? "nothing is on record" : "at most " + Words.of(top, unit));
        html.element("span", "now").closeLine("p");
        html.closeLine("figure");
    }

    private String range(String unit) {
        double least = Double.NaN;
        for (int i = 0; i < figure.size(); i++) {
            least = smaller(least, figure.least(i));
        }
        return figure.isEmpty()
                ? "nothing is on record"
                : "from " + Words.of(least, unit) + " to " + Words.of(most(), unit);
    }

    private double most() {
        double most = Double.NaN;
        for (int i = 0; i < figure.size(); i++) {
            most = larger(most, figure.most(i));
        }
        return most;
    }

    /** The picture's upper edge: the largest value, or a limit that is not far above. */
    private double top() {
        double most = most();
        double bound = limit == null ? Double.NaN : last(limit);
        if (bound > 0 && !(bound > 20 * most)) {
            most = larger(most, bound);
        }
        return most > 0 ? most : 1;
    }

    private static double last(Series series) {
        for (int i = series.size() - 1; i >= 0; i--) {
            if (!Double.isNaN(series.average(i))) {
                return series.average(i);
            }
        }
        return Double.NaN;
    }

    /** Runs of steps that have a value: a line each. */
    private String line(double top) {
        StringBuilder path = new StringBuilder();
        boolean drawing = false;
        for (int i = 0; i < figure.size(); i++) {
            double value = figure.average(i);
            if (Double.isNaN(value)) {
                drawing = false;
                continue;
            }
            path.append(drawing ? 'L' : 'M').append(x(i)).append(' ').append(y(value, top));
            if (!drawing) {
                path.append("h0"); // a single point is seen as well
            }
            drawing = true;
        }
        return path.toString();
    }

    /** A strip for each step, from its smallest value to its largest. */
    private String spread(double top) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < figure.size(); i++) {
            if (figure.most(i) > figure.least(i)) {
                path.append('M').append(x(i)).append(' ').append(y(figure.least(i), top));
                path.append('V').append(y(figure.most(i), top));
            }
        }
        return path.toString();
    }

    private void bands(Html html) {
        for (int from = 0; from < health.size(); ) {
            double worst = health.most(from);
            int to = from + 1;
            while (to < health.size() && same(worst, health.most(to))) {
                to++;
            }
            if (worst >= DEGRADED) {
                String word = worst >= UNHEALTHY ? "unhealthy" : "degraded";
                html.open("rect", "class", word, "x", x(from), "y", "0", "width", x(to - from), "height", "" + HEIGHT)
                        .element("title", word)
                        .close("rect");
            }
            from = to;
        }
    }

    private static boolean same(double a, double b) {
        return Double.compare(a, b) == 0;
    }

    private String x(int point) {
        return String.format(Locale.ROOT, "%.1f", point * (double) WIDTH / Math.max(1, figure.size()));
    }

    private static String y(double value, double top) {
        double share = Math.min(1, Math.max(0, value / top));
        return String.format(Locale.ROOT, "%.1f", HEIGHT - 2 - share * (HEIGHT - 4));
    }

    private static double larger(double a, double b) {
        return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b);
    }

    private static double smaller(double a, double b) {
        return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b);
    }
}
