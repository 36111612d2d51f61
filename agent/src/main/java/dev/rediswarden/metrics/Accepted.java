package dev.rediswarden.metrics;

import java.util.Locale;

/** How gladly a client takes a media type, by its Accept header (RFC 9110, 12.5.1). */
final class Accepted {

    private Accepted() {}

    /** Its quality from 0 (not at all) to 1; 0 as well where the header names neither it nor a range that it is in. */
    static double quality(String accept, String type) {
        String group = type.substring(0, type.indexOf('/')) + "/*";
        double best = 0;
        int closest = 0;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = range.split(";", -1);
            String name = parts[0].strip();
            int closeness = name.equals(type) ? 3 : name.equals(group) ? 2 : name.equals("*/*") ? 1 : 0;
            double quality = quality(parts);
            // The most precise range decides; of several as precise, versions of one type, the best.
            if (closeness > closest || (closeness > 0 && closeness == closest && quality > best)) {
                closest = closeness;
                best = quality;
            }
        }
        return best;
    }

    private static double quality(String[] parts) {
        for (String part : parts) {
            String parameter = part.strip();
            if (parameter.startsWith("q=")) {
                return parameter.matches("q=(0(\\.\\d{0,3})?|1(\\.0{0,3})?)")
                        ? Double.parseDouble(parameter.substring(2))
                        : 0;
            }
        }
        return 1;
    }
}
