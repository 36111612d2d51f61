package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A site's environment file, in which variables may be URLs of a server: {@code CELERY_BROKER_URL=redis://localhost/0}.
 * All other bytes of it stay as they are.
 */
final class SiteFile {

    /** A variable whose value is a URL, quoted or not; kombu writes {@code redis+socket} for a unix socket. */
    private static final Pattern URL =
            Pattern.compile("(?m)^([ \\t]*(?:export[ \\t]+)?[A-Za-z_][A-Za-z0-9_]*[ \\t]*=[ \\t]*[\"']?)"
                    + "(redis|rediss|unix|redis\\+socket)://(?:([^/@\"'\\s]*)@)?([^/?#\"'\\s]*)(/[^?#\"'\\s]*)?");

    /**
     * Where a server is found on this host.
     *
     * @param port of TCP; 0 for none
     * @param tlsPort of TLS; 0 for none
     * @param socket its path; empty for none
     */
    record Place(int port, int tlsPort, String socket) {

        private boolean is(String scheme, String host, String path) {
            if (scheme.equals("unix") || scheme.equals("redis+socket")) {
                return !socket.isEmpty() && socket.equals(path);
            }
            Matcher address = HOST.matcher(host);
            int wanted = scheme.equals("rediss") ? tlsPort : port;
            return wanted > 0
                    && address.matches()
                    && (address.group(1) == null ? 6379 : Integer.parseInt(address.group(1))) == wanted;
        }

        private static final Pattern HOST =
                Pattern.compile("(?:localhost|127\\.[0-9.]+|\\[::1])(?::(\\d{1,5}))?", Pattern.CASE_INSENSITIVE);
    }

    private final KeptFile file;
    private final Path path;

    private SiteFile(Path path, KeptFile file) {
        this.path = path;
        this.file = file;
    }

    static SiteFile read(Path path) throws IOException {
        Path real = path.toRealPath();
        return new SiteFile(real, KeptFile.of(real));
    }

    Path path() {
        return path;
    }

    /** How many of its variables are URLs of that server, for its default user. */
    int urls(Place place) {
        int urls = 0;
        for (Matcher url = matcher(); url.find(); ) {
            urls += isOf(url, place) ? 1 : 0;
        }
        return urls;
    }

    /** Whether each of them has that password already. */
    boolean has(Place place, String password) {
        return text().equals(with(place, password));
    }

    /**
     * Writes the password into them. The user is named, for a server that asks for no password yet takes one for a user
     * and refuses one for nobody. The owner stays, and who could read it as one of the group still can; others cannot.
     */
    void write(Place place, String password) throws IOException {
        Set<PosixFilePermission> mode = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        KeptFile.Attributes before = KeptFile.Attributes.of(path);
        if (before.mode().contains(PosixFilePermission.GROUP_READ)) {
            mode.add(PosixFilePermission.GROUP_READ);
        }
        KeptFile.replace(
                path,
                with(place, password).getBytes(ISO_8859_1),
                new KeptFile.Attributes(before.uid(), before.gid(), mode));
    }

    private String with(Place place, String password) {
        return matcher()
                .replaceAll(url -> Matcher.quoteReplacement(
                        isOf(url, place)
                                ? url.group(1) + url.group(2) + "://default:" + password + "@" + url.group(4)
                                        + or(url.group(5))
                                : url.group()));
    }

    private static boolean isOf(MatchResult url, Place place) {
        return isOf(url.group(2), or(url.group(3)), url.group(4), or(url.group(5)), place);
    }

    /** Another user than the default one has a password of its own. */
    private static boolean isOf(String scheme, String userInfo, String host, String path, Place place) {
        String user = userInfo.contains(":") ? userInfo.substring(0, userInfo.indexOf(':')) : "";
        return (user.isEmpty() || user.equals("default")) && place.is(scheme, host, path);
    }

    private static String or(@Nullable String text) {
        return text == null ? "" : text;
    }

    private Matcher matcher() {
        return URL.matcher(text());
    }

    private String text() {
        return new String(file.bytes(), ISO_8859_1);
    }
}
