package dev.rediswarden.config;

import dev.rediswarden.check.Severity;
import dev.rediswarden.snapshot.OrderRule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The rules of single values. */
final class Rules {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m|h)");
    /** Literal addresses alone: whatever else looks like one would be asked of a name server. */
    private static final Pattern ADDRESS =
            Pattern.compile("((?:\\d{1,3}\\.){3}\\d{1,3}|\\[[0-9a-fA-F:.]*:[0-9a-fA-F:.]*]):(\\d{1,5})");

    private static final Pattern BYTE_TOO_BIG = Pattern.compile("(?:^|\\.)(?:25[6-9]|2[6-9]\\d|[3-9]\\d\\d)(?:\\.|$)");

    /** By hand: URI knows no host that has an underscore in it, as container names do. */
    private static final Pattern TCP_URL = Pattern.compile(
            "rediss?://(?:[^@/?#]*@)?(?:[A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+])(?::(\\d{1,5}))?(?:/\\d{0,5})?");

    private static final Pattern UNIX_URL = Pattern.compile("unix://(?:[^@/?#]*@)?/[^?#]+");
    /** systemd.unit(5): a name has at most 255 of these characters. */
    private static final Pattern UNIT = Pattern.compile("[A-Za-z0-9:_.\\\\@-]{1,247}\\.service");

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,31}");

    /** Without a dot at its end, which is none of the name. */
    private static final Pattern HOST = Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]*|[A-Za-z0-9._-]*[A-Za-z0-9_-])|\\[[0-9a-fA-F:.]{2,45}]");

    private Rules() {}

    /** Loopback alone: nothing there asks who is calling. */
    static InetSocketAddress listen(String text) throws RuleBroken {
        RuleBroken broken = new RuleBroken("must be a loopback address and port, as 127.0.0.1:9180 or [::1]:9180;"
                + " for other hosts there is [[http.listener]]");
        InetSocketAddress address = address(text, broken);
        if (!address.getAddress().isLoopbackAddress()) {
            throw broken;
        }
        return address;
    }

    /** Of this host, or 0.0.0.0 or [::] for each that it has. */
    static InetSocketAddress anyListen(String text) throws RuleBroken {
        return address(
                text, new RuleBroken("must be an address of this host and a port, as 10.0.0.7:9181 or [::]:9181"));
    }

    private static InetSocketAddress address(String text, RuleBroken broken) throws RuleBroken {
        Matcher matcher = ADDRESS.matcher(text);
        if (!matcher.matches() || BYTE_TOO_BIG.matcher(matcher.group(1)).find()) {
            throw broken;
        }
        int port = Integer.parseInt(matcher.group(2));
        try {
            InetAddress address = InetAddress.getByName(matcher.group(1)); // a literal: nothing is resolved
            if (port == 0 || port > 65535) {
                throw broken;
            }
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException e) {
            throw broken;
        }
    }

    /** As a browser names it, in small letters; neither a port, which is not looked at, nor a pattern. */
    static String hostName(String text) throws RuleBroken {
        if (!HOST.matcher(text).matches()) {
            throw new RuleBroken(
                    "must be names or addresses of a host without scheme, port and *, as warden.example.com or [2001:db8::1]");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    static Section.Rule<Duration> duration(Duration least, Duration most) {
        return text -> {
            Matcher matcher = DURATION.matcher(text);
            if (matcher.matches()) {
                Duration duration = of(Long.parseLong(matcher.group(1)), matcher.group(2));
                if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                    return duration;
                }
            }
            throw new RuleBroken(
                    "must be a duration from " + show(least) + " to " + show(most) + ", as 500ms, 2s or 1m");
        };
    }

    private static Duration of(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static String show(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    static String name(String text) throws RuleBroken {
        if (!NAME.matcher(text).matches()) {
            throw new RuleBroken("must be of a-z, 0-9, _ and -, at most 32 characters");
        }
        return text;
    }

    /** The unit's name, or none at all for a server that systemd does not run. */
    static List<String> unit(String text) throws RuleBroken {
        if (text.equals("none")) {
            return List.of();
        }
        if (!UNIT.matcher(text).matches()) {
            throw new RuleBroken("must be a service unit's name, as redis-server.service, or none");
        }
        return List.of(text);
    }

    /** {@code redis://[USER:PASSWORD@]HOST[:PORT][/DB]}, {@code rediss://…} for TLS, {@code unix://[USER:PASSWORD@]/PATH}. */
    static URI url(String text) throws RuleBroken {
        RuleBroken broken =
                new RuleBroken("must be redis://HOST[:PORT][/DB], rediss://HOST[:PORT][/DB] or unix:///PATH");
        try {
            Matcher tcp = TCP_URL.matcher(text);
            int port = tcp.matches() && tcp.group(1) != null ? Integer.parseInt(tcp.group(1)) : 1;
            if (!(tcp.matches() || UNIX_URL.matcher(text).matches()) || port == 0 || port > 65535) {
                throw broken;
            }
            return new URI(text);
        } catch (URISyntaxException e) {
            throw broken;
        }
    }

    static Path file(String text) throws RuleBroken {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException e) {
            // told below
        }
        throw new RuleBroken("must be an absolute path");
    }

    static Path readableFile(String text) throws RuleBroken {
        Path path = file(text);
        if (!Files.isRegularFile(path)) {
            throw new RuleBroken("must name a file that exists and may be looked at");
        }
        if (!Files.isReadable(path)) {
            throw new RuleBroken("must name a file that the user redis-warden can read"
                    + " (mend with: sudo chown root:redis-warden FILE && sudo chmod 0640 FILE)");
        }
        return path;
    }

    /** A file that holds a secret, and that others can neither read nor replace. */
    static Path secretFile(String text) throws RuleBroken {
        Path path = readableFile(text);
        if (isOpenToOthers(path)) {
            throw new RuleBroken(
                    "must name a file that others can neither read nor write (mend with: sudo chmod o= FILE; then change the password)");
        }
        return path;
    }

    static boolean isOpenToOthers(Path path) {
        try {
            Set<PosixFilePermission> granted = Files.getPosixFilePermissions(path);
            return granted.contains(PosixFilePermission.OTHERS_READ)
                    || granted.contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    static Severity severity(String text) throws RuleBroken {
        return switch (text) {
            case "critical" -> Severity.CRITICAL;
            case "warning" -> Severity.WARNING;
            case "off" -> Severity.OFF;
            default -> throw new RuleBroken("must be critical, warning or off");
        };
    }

    /** A pattern that names some units: one that names all, or holds a line's end, is an accident or worse. */
    static String unitPattern(String text) throws RuleBroken {
        if (!text.matches("[A-Za-z0-9:_.\\\\@*?\\[\\]!-]{1,200}\\.service")) {
            throw new RuleBroken(
                    "must be a shell pattern over names of services, with their suffix: \"*celery*.service\"");
        }
        try {
            OrderRule.matching(text);
        } catch (PatternSyntaxException e) {
            throw new RuleBroken("must be a shell pattern: " + e.getDescription());
        }
        String stem = text.substring(0, text.lastIndexOf('.'));
        if (!stem.replaceAll("\\[[^]]*]", "*").matches(".*[A-Za-z0-9_-]{3}.*")) {
            throw new RuleBroken("must name some units and not nearly all: three letters in a row at least");
        }
        return text;
    }

    /** The name of a file in some bin directory. */
    static String program(String text) throws RuleBroken {
        if (!text.matches("[A-Za-z0-9._+-]{1,64}")) {
            throw new RuleBroken("must be a program's name without its directory: \"celery\"");
        }
        return text;
    }

    /** A word of these. */
    static Section.Rule<String> oneOf(List<String> words) {
        return text -> {
            if (!words.contains(text)) {
                throw new RuleBroken("must be one of: " + String.join(", ", words));
            }
            return text;
        };
    }
}
