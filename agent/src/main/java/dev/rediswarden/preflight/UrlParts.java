package dev.rediswarden.preflight;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A URL taken apart as Python's urllib.parse does it, which is what redis-py and kombu use
 * (https://docs.python.org/3/library/urllib.parse.html); java.net.URI refuses much that it takes.
 *
 * @param scheme in lower case, without {@code ://}
 * @param host in lower case; empty where there is none
 * @param path with its first slash; percent-encoding undone
 * @param query the first value of each name
 */
record UrlParts(
        String scheme, String user, String password, String host, int port, String path, Map<String, String> query) {

    static final int DEFAULT_PORT = 6379;

    /** Its message goes on where the variable's name ends, and repeats nothing of the URL. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    static final String ENCODE =
            "write %23 for # in the password, %2F for /, %3F for ?, %40 for @, %3A for :, %25 for %";

    /** The scheme in lower case; empty for what is no URL. */
    static Optional<String> scheme(String url) {
        int end = url.indexOf("://");
        return end > 0 && url.substring(0, end).matches("[A-Za-z][A-Za-z0-9+.-]*")
                ? Optional.of(url.substring(0, end).toLowerCase(Locale.ROOT))
                : Optional.empty();
    }

    static UrlParts of(String url) throws Unusable {
        String scheme = scheme(url).orElseThrow(() -> new Unusable("is no URL"));
        String rest = url.substring(scheme.length() + 3);
        int end = firstOf(rest, "/?#");
        String authority = rest.substring(0, end);
        String tail = rest.substring(end);
        if (!authority.isEmpty() && tail.contains("@")) {
            throw new Unusable("ends its host at a / ? or # that seems to belong to the password");
        }
        int at = authority.lastIndexOf('@');
        String userInfo = at < 0 ? "" : authority.substring(0, at);
        int colon = userInfo.indexOf(':');
        String hostInfo = authority.substring(at + 1);
        String noFragment = tail.substring(0, firstOf(tail, "#"));
        int question = firstOf(noFragment, "?");
        return new UrlParts(
                scheme,
                unquote(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                unquote(colon < 0 ? "" : userInfo.substring(colon + 1)),
                host(hostInfo),
                port(hostInfo),
                unquote(noFragment.substring(0, question)),
                query(noFragment.substring(Math.min(question + 1, noFragment.length()))));
    }

    private static int firstOf(String text, String ends) {
        for (int i = 0; i < text.length(); i++) {
            if (ends.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static String host(String info) throws Unusable {
        String bare = info.startsWith("[")
                ? info.substring(1, Math.max(1, info.indexOf(']')))
                : info.substring(0, firstOf(info, ":"));
        String host = unquote(bare).toLowerCase(Locale.ROOT);
        if (!host.matches(info.startsWith("[") ? "[0-9a-f:.]+" : "[a-z0-9._-]*")) {
            throw new Unusable("names no host that could be asked");
        }
        return host;
    }

    private static int port(String info) throws Unusable {
        int colon = info.indexOf(':', Math.max(0, info.indexOf(']')));
        String port = colon < 0 ? "" : info.substring(colon + 1);
        if (!port.matches("\\d{0,5}") || (!port.isEmpty() && Integer.parseInt(port) > 65535)) {
            throw new Unusable("has a port that is no number up to 65535");
        }
        int number = port.isEmpty() ? 0 : Integer.parseInt(port);
        return number == 0 ? DEFAULT_PORT : number;
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && equals < pair.length() - 1) {
                query.putIfAbsent(
                        unquote(pair.substring(0, equals).replace('+', ' ')),
                        unquote(pair.substring(equals + 1).replace('+', ' ')));
            }
        }
        return query;
    }

    /** Percent-encoding undone; what is none stays as it is, where URLDecoder would throw. */
    static String unquote(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = 0; // of what is done, which never overtakes what is read
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? hex(bytes[i + 1]) : -1;
            int low = high < 0 ? -1 : hex(bytes[i + 2]);
            bytes[length++] = low >= 0 ? (byte) (high * 16 + low) : bytes[i];
            i += low >= 0 ? 2 : 0;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** ASCII alone: Character.digit knows digits of every script. */
    private static int hex(byte character) {
        return character > 0 ? Character.digit((char) character, 16) : -1;
    }

    /** A URL may hold a password. */
    @Override
    public String toString() {
        return "UrlParts[" + scheme + "]";
    }
}
