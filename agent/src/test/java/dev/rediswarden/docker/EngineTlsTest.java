package dev.rediswarden.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rediswarden.snapshot.Engine;
import dev.rediswarden.socket.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine behind TLS that asks for a certificate, as dockerd does with --tlsverify: here OpenSSL's own server. */
class EngineTlsTest {

    @TempDir
    private Path directory = Path.of("");

    private final List<Process> servers = new ArrayList<>();
    private int port;

    @BeforeEach
    void listen() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("names"), "subjectAltName=DNS:localhost\n");
        authority("ca");
        authority("other");
        signed("server", "ca");
        signed("agent", "ca");
        signed("stranger", "other");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process server = start("s_server -accept " + port + " -cert server.crt -key server.key -CAfile ca.crt"
                + " -Verify 1 -verify_return_error -www");
        servers.add(server);
        BufferedReader said = server.inputReader(StandardCharsets.UTF_8);
        String line = "";
        while (line != null && !line.equals("ACCEPT")) {
            line = said.readLine();
        }
        assertThat(line).isEqualTo("ACCEPT");
    }

    @AfterEach
    void end() {
        servers.forEach(Process::destroyForcibly);
    }

    @Test
    void anEngineOfTheAuthorityAnswersWhoShowsItsCertificate() throws IOException {
        assertThat(answer("localhost", "ca", "agent")).startsWith("HTTP/1.0 200");
    }

    @Test
    void aCertificateOfAnotherAuthorityIsTurnedAway() {
        assertThatThrownBy(() -> answer("localhost", "ca", "stranger")).isInstanceOf(IOException.class);
    }

    @Test
    void anEngineOfAnotherAuthorityIsNotAsked() {
        assertThatThrownBy(() -> answer("localhost", "other", "agent")).isInstanceOf(SSLException.class);
    }

    @Test
    void anEngineByAnotherNameIsNotAsked() {
        assertThatThrownBy(() -> answer("127.0.0.1", "ca", "agent"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("127.0.0.1");
    }

    /** The first line of the answer to a GET. */
    private String answer(String host, String authority, String certificate) throws IOException {
        Engine.Tls tls =
                new Engine.Tls(file(authority + ".crt"), file(certificate + ".crt"), file(certificate + ".key"));
        Engine engine = new Engine(new Engine.Tcp(host, port, Optional.of(tls)), Duration.ofSeconds(20));
        Deadline deadline = Deadline.in(engine.timeout(), System::nanoTime);
        try (Socket socket = new EngineSocket(engine).connect(deadline)) {
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return line == null ? "" : line;
        }
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private void authority(String name) throws IOException, InterruptedException {
        openssl("req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2 -subj /CN=" + name
                + " -keyout " + name + ".key -out " + name + ".crt");
    }

    private void signed(String name, String by) throws IOException, InterruptedException {
        openssl("req -new -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=" + name + " -keyout "
                + name + ".key -out " + name + ".csr");
        openssl("x509 -req -in " + name + ".csr -CA " + by + ".crt -CAkey " + by + ".key -days 2 -extfile names -out "
                + name + ".crt");
    }

    private void openssl(String arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private Process start(String arguments) throws IOException {
        return new ProcessBuilder(("openssl " + arguments).split(" "))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }
}
