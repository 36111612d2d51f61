package dev.rediswarden.config;

import java.util.regex.Pattern;

/** Keeps passwords that are part of a URL out of whatever is shown. */
final class Secrets {

    private static final Pattern USERINFO = Pattern.compile("://[^/]*@");

    private Secrets() {}

    /** {@code redis://user:secret@host} becomes {@code redis://***@host}. */
    static String mask(String text) {
        return USERINFO.matcher(text).replaceAll("://***@");
    }

    static boolean isIn(String url) {
        return USERINFO.matcher(url).find();
    }
}
