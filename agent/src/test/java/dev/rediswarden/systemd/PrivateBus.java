package dev.rediswarden.systemd;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A dbus-daemon of our own, at a socket that stays the same when it is killed and started again. */
final class PrivateBus implements AutoCloseable {

    private final Path configuration;
    private final String address;
    private Process daemon;

    /** @param rules what else its policy says (dbus-daemon(1)) */
    PrivateBus(Path directory, String rules) throws IOException {
        address = "unix:path=" + directory.resolve("bus");
        configuration = Files.writeString(directory.resolve("bus.conf"), """
                <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
                 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
                <busconfig>
                  <listen>%s</listen>
                  <policy context="default">
                    <allow user="*"/><allow own="*"/>
                    <allow send_destination="*"/><allow send_type="signal"/><allow receive_sender="*"/>
                    %s
                  </policy>
                </busconfig>
                """.formatted(address, rules));
        daemon = start();
    }

    String address() {
        return address;
    }

    /** As a crash of dbus-daemon and its start by systemd. */
    void restart() throws IOException {
        kill();
        daemon = start();
    }

    void kill() {
        daemon.destroyForcibly();
        try {
            daemon.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops it from running ({@code STOP}), or lets it run again ({@code CONT}). */
    void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(daemon.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill -" + name + " failed");
        }
    }

    private Process start() throws IOException {
        Files.deleteIfExists(configuration.resolveSibling("bus"));
        Process process = new ProcessBuilder(
                        "dbus-daemon", "--nofork", "--nopidfile", "--print-address", "--config-file=" + configuration)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        // It prints its address once it listens.
        try (BufferedReader reader = process.inputReader()) {
            if (reader.readLine() == null) {
                throw new IOException("dbus-daemon did not start");
            }
        }
        return process;
    }

    @Override
    public void close() {
        kill();
    }
}
