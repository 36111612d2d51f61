package dev.rediswarden.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where to connect, with what password, trusting whom; found out anew for every connection, so that an edited
 * redis.conf or password file counts without a restart.
 *
 * @param hint why there is no password, for an operator whom the server then refuses; empty where there is one
 */
record Route(Address address, Optional<Credentials> credentials, String hint, Trust trust) {

    private static final int MAX_PASSWORD_BYTES = 64 * 1024;

    static Route to(Target target) {
        Optional<RedisUrl> url = target.url().map(RedisUrl::parse);
        boolean askConf = url.isEmpty() || url.get().password().isEmpty();
        StringBuilder hint = new StringBuilder();
        Optional<RedisConf> conf = !askConf
                ? Optional.empty()
                : RedisConf.read(target.confFiles()).fold(Optional::of, unknown -> {
                    hint.append(unknown.detail());
                    return Optional.empty();
                });
        Address address = url.map(RedisUrl::address)
                .orElseGet(() -> conf.map(ConfAddress::of).orElse(ConfAddress.DEFAULT));
        Optional<String> user = url.flatMap(RedisUrl::user);
        Optional<String> password = url.flatMap(RedisUrl::password)
                .or(() -> target.passwordFile().flatMap(file -> passwordIn(file, hint)))
                // Another host's server, or another user, has nothing to do with this host's requirepass.
                .or(() -> address.isLocal()
                                && user.filter(name -> !name.equals("default")).isEmpty()
                        ? conf.flatMap(loaded -> loaded.text("requirepass"))
                        : Optional.empty());
        Optional<Path> tlsCa = target.tlsCa()
                .or(() -> url.isPresent()
                        ? Optional.empty()
                        : conf.flatMap(c -> c.text("tls-ca-cert-file")).map(Path::of));
        return new Route(
                address,
                password.map(text -> new Credentials(user, text)),
                password.isPresent() ? "" : hint.isEmpty() ? "no password is configured" : hint.toString(),
                Trust.in(tlsCa.orElse(Trust.HOST)));
    }

    /** The way of one who knows no password. */
    Route withoutCredentials() {
        return new Route(address, Optional.empty(), "no password was given", trust);
    }

    private static Optional<String> passwordIn(Path file, StringBuilder hint) {
        try (var in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MAX_PASSWORD_BYTES), StandardCharsets.UTF_8);
            return Optional.of(text.replaceFirst("\\r?\\n$", "")).filter(password -> !password.isEmpty());
        } catch (AccessDeniedException e) {
            hint.append(hint.isEmpty() ? "" : "; ")
                    .append("this user may not read ")
                    .append(file);
        } catch (IOException e) {
            hint.append(hint.isEmpty() ? "" : "; ").append("cannot read ").append(file);
        }
        return Optional.empty();
    }
}
