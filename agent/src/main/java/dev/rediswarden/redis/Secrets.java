package dev.rediswarden.redis;

/** Which parameters hold something that must not leave this package. */
final class Secrets {

    private Secrets() {}

    /**
     * True for requirepass, masterauth, masteruser, user, tls-key-file-pass, Sentinel's auth-pass, a module's passwords
     * and their like in versions to come; the names are Redis's own (redis.conf), in lower case.
     */
    static boolean isSecret(String name) {
        return name.contains("pass")
                || name.contains("secret")
                || name.contains("token")
                || name.endsWith("auth")
                || name.endsWith("user")
                || name.endsWith("username");
    }
}
