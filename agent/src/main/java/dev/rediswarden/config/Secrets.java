package dev.rediswarden.config;

import java.util.regex.Pattern;

/** Keeps passwords that are part of a URL out of whatever is shown. */
final class Secrets {

    private static final Pattern USERINFO = Pattern.compile("://[^/]*@");

    /** Of a web hook the path is what nobody else knows. */
    private static final Pattern HOOK = Pattern.compile("^(https?://[^/?#]*)[/?#].+");

    /** The parser quotes what it stumbles over, which is half a password where one has a quote in it. */
    private static final Pattern QUOTED = Pattern.compile("'.*'", Pattern.DOTALL);

    private static final Pattern SECRET = Pattern.compile("password|token|secret|_file$|_key$");

    private Secrets() {}

    /** For a URL that kept its rule: {@code redis://user:secret@host} becomes {@code redis://***@host}. */
    static String mask(String url) {
        return HOOK.matcher(USERINFO.matcher(url).replaceAll("://***@")).replaceAll("$1/***");
    }

    /** For a value that broke its rule; in the place of a secret, or of its file, anything but a path may be one. */
    static String hide(String key, String text) {
        return SECRET.matcher(key).find() && !text.startsWith("/") ? "***" : hide(text);
    }

    /** For a value that broke its rule, of which nobody knows what is the password and what the host. */
    static String hide(String text) {
        int scheme = text.indexOf("://");
        if (scheme >= 0) {
            return text.substring(0, scheme) + "://***";
        }
        int at = text.lastIndexOf('@');
        return at < 0 ? text : "***" + text.substring(at);
    }

    /** A parser's message without what it quotes from the file. */
    static String withoutQuotes(String message) {
        return QUOTED.matcher(message).replaceAll("'…'");
    }
}
