package dev.rediswarden.notify;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What is read from a file at each attempt, so that another secret needs no reload, and is held nowhere. */
public final class Secret {

    /** A file does not hold what it should; said without what it holds. */
    static final class Unusable extends Exception {

        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }

    /** Where systemd puts what LoadCredential= of the messenger's unit names (systemd.exec(5)). */
    private static final Path CREDENTIALS = Path.of("/run/credentials/redis-warden-notify.service");

    private Secret() {}

    /** Whether it is there for redis-warden-notify.service alone, while that runs. */
    public static boolean isCredential(Path file) {
        return CREDENTIALS.equals(file.getParent());
    }

    static URI url(Receiver receiver) throws Unusable {
        Optional<Path> file = receiver.address().urlFile();
        if (file.isEmpty()) {
            return receiver.address().url().orElseThrow();
        }
        try {
            URI url = new URI(line(file.get()));
            if (isUsable(url)) {
                return url;
            }
        } catch (URISyntaxException e) {
            // It would quote the address.
        }
        throw new Unusable(file.get() + " must hold one http:// or https:// address, without a password in it");
    }

    /** Of http alone, with a host and without userinfo. */
    public static boolean isUsable(URI url) {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        return http && url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null;
    }

    /** The file's one line: whole where it names its scheme, as {@code Basic …}; else a bearer token (RFC 6750). */
    static Optional<String> authorization(Receiver receiver) throws Unusable {
        Optional<Path> file = receiver.address().tokenFile();
        if (file.isEmpty()) {
            return Optional.empty();
        }
        String text = line(file.get());
        return Optional.of(text.contains(" ") ? text : "Bearer " + text);
    }

    private static String line(Path file) throws Unusable {
        try {
            String text = Files.readString(file).strip();
            if (!text.isEmpty() && text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
                return text;
            }
        } catch (IOException e) {
            throw new Unusable(file + " cannot be read"
                    + (isCredential(file)
                            ? "; it is there for redis-warden-notify.service alone, by its LoadCredential="
                            : ""));
        }
        throw new Unusable(file + " must hold one line of plain characters");
    }
}
