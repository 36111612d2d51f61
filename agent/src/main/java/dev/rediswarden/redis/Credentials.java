package dev.rediswarden.redis;

import java.util.Optional;

/** What AUTH sends; lives only as long as a connection is being made. */
record Credentials(Optional<String> user, String password) {

    @Override
    public String toString() {
        return "Credentials[" + user.orElse("default") + "]";
    }
}
