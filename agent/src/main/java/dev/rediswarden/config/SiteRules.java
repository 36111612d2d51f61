package dev.rediswarden.config;

import dev.rediswarden.snapshot.Site.Weight;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** The rules of single values of a {@code [[site]]}; each goes into a request or a command as it is. */
final class SiteRules {

    /** unix(7): {@code sun_path} holds 108 bytes, the last of them 0. */
    private static final int MAX_SOCKET_BYTES = 107;

    private static final String DOMAIN =
            "(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

    private SiteRules() {}

    static String name(String text) throws RuleBroken {
        if (!text.matches("[a-z][a-z0-9-]{0,31}")) {
            throw new RuleBroken("must be of a-z, 0-9 and -, a letter first, at most 32 characters");
        }
        return text;
    }

    /** Not a number: a certificate is for a name, and TLS asks for one. */
    static String domain(String text) throws RuleBroken {
        if (!text.matches(DOMAIN) || text.length() > 253 || text.matches("(?:.*\\.)?\\d+")) {
            throw new RuleBroken("must be a domain in lower case, without scheme, port and path");
        }
        return text;
    }

    static String host(String text) throws RuleBroken {
        if (!text.matches("(?:" + DOMAIN + "|\\[[0-9a-f:.]+])(?::\\d{1,5})?") || text.length() > 260) {
            throw new RuleBroken(
                    "must be a host in lower case, and a port where it needs one, as a Host header has it");
        }
        return text;
    }

    static String path(String text) throws RuleBroken {
        if (!text.matches("/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,200}")) {
            throw new RuleBroken("must be a path as a request has it, from its slash on, at most 200 characters");
        }
        return text;
    }

    static String socket(String text) throws RuleBroken {
        String path = Rules.file(text).toString();
        if (path.getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_BYTES) {
            throw new RuleBroken("must be an absolute path of at most " + MAX_SOCKET_BYTES + " bytes");
        }
        return path;
    }

    static Weight weight(String text) throws RuleBroken {
        return Weight.valueOf(Rules.severity(text).name());
    }

    /** Empty for {@code off}. */
    static Optional<Duration> age(String text) throws RuleBroken {
        if (text.equals("off")) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    Rules.duration(Duration.ofMinutes(1), Duration.ofDays(366)).parse(text));
        } catch (RuleBroken e) {
            throw new RuleBroken("must be a duration from 1m to 8784h, as 26h, or off");
        }
    }
}
