package dev.rediswarden.redis;

import java.util.Locale;

/** Which parameters hold something that must not leave this package. */
final class Secrets {

    private Secrets() {}

    /**
     * True for requirepass, masterauth, masteruser, user, tls-key-file-pass, Sentinel's auth-pass, a module's passwords
     * and their like in versions to come; the names are Redis's own (redis.conf), in any case.
     */
    static boolean isSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.contains("pass")
                || lower.contains("secret")
                || lower.contains("token")
                || lower.endsWith("auth")
                || lower.endsWith("user")
                || lower.endsWith("username");
    }
}
