package dev.rediswarden.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a request says who it is of (RFC 7617); never shown. */
final class Login {

    private static final String BASIC = "Basic ";

    private final String name;
    private final byte[] password;

    private Login(String name, byte[] password) {
        this.name = name;
        this.password = password;
    }

    /** @param header {@code Authorization}; empty where it is absent, of another kind, or cannot be read */
    static Optional<Login> of(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.empty();
        }
        try {
            byte[] text =
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
            for (int i = 0; i < text.length; i++) {
                if (text[i] == ':') {
                    String name = new String(text, 0, i, StandardCharsets.UTF_8);
                    return Optional.of(new Login(name, Arrays.copyOfRange(text, i + 1, text.length)));
                }
            }
        } catch (IllegalArgumentException e) {
            // It is not base64.
        }
        return Optional.empty();
    }

    String name() {
        return name;
    }

    byte[] password() {
        return password;
    }
}
