package dev.rediswarden.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, by hashes that crypt(3) of Debian made, and how long it takes to say no. */
class UsersTest {

    private static final String HASH = "$06$abcdefghijklmnopqrstuuNOnw6EGKc3988bZtxlqHMps74iVdpdC";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"$2y", "$2b", "$2a"})
    void thePasswordOfAHashIsRightAndNoOther(String version) throws IOException {
        Users users = users("prometheus:" + version + HASH);

        assertThat(users.prove(login("prometheus", "s3cret"))).isTrue();
        for (String other : new String[] {"", "s3cre", "s3cret ", "S3cret", "s3cret\0", "s3cret\0x", "a".repeat(100)}) {
            assertThat(users.prove(login("prometheus", other))).as(other).isFalse();
        }
        assertThat(users.prove(login("Prometheus", "s3cret"))).isFalse();
        assertThat(users.prove(login("", "s3cret"))).isFalse();
    }

    @Test
    void anyBytesMayBeInOneUpToWhatBcryptLooksAt() throws IOException {
        Users users = users(
                "# who may",
                "",
                "grün:$2y$06$abcdefghijklmnopqrstuuzXMlqiRUeohj4Fky0nweXbgs.k79TAO",
                "long:$2y$06$abcdefghijklmnopqrstuudieJkmgvc1Gaf6wEr1OariokYks.9Gi");

        assertThat(users.prove(login("grün", "grüße:☃"))).isTrue();
        assertThat(users.prove(login("long", "a".repeat(71)))).isTrue();
        assertThat(users.prove(login("long", "a".repeat(70)))).isFalse();
        assertThat(users.prove(login("long", "a".repeat(72)))).isFalse();
    }

    @Test
    void whatWasProvenIsRememberedAndNothingElse() throws IOException {
        Users users = users("prometheus:$2y" + HASH, "other:$2y" + HASH);
        Login right = login("prometheus", "s3cret");
        assertThat(users.remember(right)).isFalse();

        users.prove(login("prometheus", "wrong"));
        assertThat(users.remember(login("prometheus", "wrong"))).isFalse();
        users.prove(right);

        assertThat(users.remember(right)).isTrue();
        assertThat(users.remember(login("prometheus", "wrong"))).isFalse();
        assertThat(users.remember(login("other", "s3cret"))).isFalse();
        assertThat(users.remember(login("nobody", ""))).isFalse();
        assertThat(users("prometheus:$2y" + HASH).remember(right)).isFalse();
    }

    /** In time of the processor, the least of some tries: what a busy machine adds is none of it. */
    @Test
    void aNameThatIsNotThereTakesAsLongAsAPasswordThatIsWrong() throws IOException {
        Users users = users("prometheus:$2y" + HASH, "cheap:$2y" + HASH.replace("$06$", "$04$"));
        long wrong = time(users, login("prometheus", "wrong"));

        for (Login other : new Login[] {
            login("cheap", "wrong"),
            login("nobody", "s3cret"),
            login("prometheus", ""),
            login("nobody", "x".repeat(500)),
            login("", "")
        }) {
            assertThat(time(users, other)).isBetween(wrong * 2 / 3, wrong * 3 / 2);
        }
    }

    private static long time(Users users, Login login) {
        var threads = ManagementFactory.getThreadMXBean();
        return LongStream.range(0, 20)
                .map(i -> {
                    long begun = threads.getCurrentThreadCpuTime();
                    users.prove(login);
                    return threads.getCurrentThreadCpuTime() - begun;
                })
                .min()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prometheus:s3cret",
                "prometheus:$apr1$abc$s3cret",
                "prometheus:$2y$31$abcdefghijklmnopqrstuuNOnw6EGKc3988bZtxlqHMps74iVdpdC",
                "prometheus:$2y$06$s3cret",
                ":$2y$06$abcdefghijklmnopqrstuuNOnw6EGKc3988bZtxlqHMps74iVdpdC",
                "s3cret",
                "# nobody"
            })
    void aLineThatIsNoneIsToldWithoutWhatIsInIt(String line) {
        assertThatThrownBy(() -> users(line))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("htpasswd")
                .hasMessageNotContaining("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic", "Basic !", "Bearer abc", "Basic YWJj", "Digest username=\"a\""})
    void aHeaderThatNamesNobodyIsNoLogin(String header) {
        assertThat(Login.of(header)).isEmpty();
        assertThat(Login.of(null)).isEmpty();
    }

    private Users users(String... lines) throws IOException {
        return Users.of(Files.writeString(directory.resolve("users"), String.join("\n", lines) + "\n"), false);
    }

    static Login login(String name, String password) {
        return Login.of("basic "
                        + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8)))
                .orElseThrow();
    }
}
