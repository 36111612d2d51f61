package dev.rediswarden.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What file permissions forbid; in a process of its own, since root may do everything. */
class DeniedTest {

    private static final String NOBODY = "65534";

    @TempDir
    private Path directory;

    @Test
    void whatMayNotBeReadIsDeniedAndNeverTakenForDown() throws Exception {
        try (RedisServer server =
                RedisServer.in(directory).withPassword("secret").start()) {
            forbid(server.socket());
            forbid(server.conf());
            Path included = Files.writeString(directory.resolve("included.conf"), "port 1");
            Path including = Files.writeString(directory.resolve("including.conf"), "include " + included);
            forbid(included);

            String output = readWithoutPrivilege(
                    server.socket().toString(),
                    "redis://127.0.0.1:" + server.port(),
                    server.conf().toString(),
                    including.toString());
            assertThat(output.lines().toList())
                    .satisfiesExactly(
                            socket -> assertThat(socket)
                                    .startsWith("Unknown[cause=DENIED")
                                    .contains("may not connect to " + server.socket()),
                            ping -> assertThat(ping)
                                    .contains("NOT_PERMITTED")
                                    .contains("this user may not read " + server.conf()),
                            conf -> assertThat(conf)
                                    .startsWith("Unknown[cause=DENIED")
                                    .contains(server.conf().toString()),
                            including2 -> assertThat(including2)
                                    .startsWith("Unknown[cause=DENIED")
                                    .contains(included.toString()));
        }
    }

    /** Prints what is read of a socket, a URL with a password file that cannot be read, and two configuration files. */
    public static void main(String[] arguments) {
        Path conf = Path.of(arguments[2]);
        System.out.println(new PingProbe("main", Targets.url("unix://" + arguments[0]), System::nanoTime).read());
        Target target = new Target(
                Optional.of(URI.create(arguments[1])),
                List.of(conf),
                Optional.of(conf),
                Optional.empty(),
                Targets.PATIENT);
        System.out.println(new PingProbe("main", target, System::nanoTime).read());
        System.out.println(new ConfProbe("main", List.of(conf)).read());
        System.out.println(new ConfProbe("main", List.of(Path.of(arguments[3]))).read());
    }

    private static void forbid(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        if (isRoot()) {
            Files.setAttribute(file, "unix:uid", Integer.valueOf(NOBODY));
        }
    }

    private static String readWithoutPrivilege(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DeniedTest.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }
}
