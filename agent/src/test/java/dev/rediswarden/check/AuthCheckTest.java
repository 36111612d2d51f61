package dev.rediswarden.check;

import static dev.rediswarden.check.Expected.degraded;
import static dev.rediswarden.check.Expected.unhealthy;
import static dev.rediswarden.check.Expected.unknown;
import static dev.rediswarden.snapshot.Given.healthy;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Reading;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AuthCheckTest {

    @ParameterizedTest
    @MethodSource
    void rows(Expected row) {
        row.holdsFor(new AuthCheck());
    }

    static Stream<Expected> rows() {
        Given open = healthy().strangerServed(Reading.known(true)).withPasswordSet(false);
        return Stream.of(
                Expected.ok("a stranger who is turned away is ok", healthy(), "is turned away"),
                Expected.ok("no password is ok where none is required", open, "none is required here"),
                unhealthy(
                        "no password where one is required is unhealthy",
                        open.with(Wished.password()),
                        "the policy requires a password",
                        "redis-warden rotate-password --redis main --env-file"),
                unhealthy(
                        "where no unit of this host runs it, nothing is set",
                        open.with(Wished.password()).withUnit(Optional.empty()),
                        "the policy requires a password",
                        "ACL GETUSER default"),
                unhealthy(
                        "a password that CONFIG shows and nobody is asked for is unhealthy",
                        open.withPasswordSet(true),
                        "CONFIG shows a requirepass",
                        "| redis-cli"),
                unhealthy(
                        "an ACL file is saved as well",
                        open.withPasswordSet(true).withConfig("aclfile", "/etc/redis/users.acl"),
                        "let in",
                        "ACL SAVE"),
                degraded(
                        "failed attempts are degraded",
                        healthy().grown("acl_access_denied_auth", 7),
                        "grown by 7",
                        "ACL LOG"),
                unknown("an open door is unknown where CONFIG does not tell of a password", open.withoutPasswordSet()),
                unknown("a stranger who got no answer is unknown", healthy().strangerServed(Given.unknown())));
    }
}
