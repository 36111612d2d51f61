package dev.rediswarden.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceFilesTest {

    @TempDir
    Path directory;

    @Test
    void namesAreOfFilesAndLinksInAllDirectoriesOnceEach() throws IOException {
        Path first = Files.createDirectory(directory.resolve("etc"));
        Path second = Files.createDirectory(directory.resolve("lib"));
        Files.createFile(first.resolve("celery@.service"));
        Files.createFile(second.resolve("celery@.service"));
        Files.createSymbolicLink(second.resolve("linked.service"), Path.of("/nowhere/linked.service"));
        Files.createFile(second.resolve("web.socket"));
        Files.createDirectory(second.resolve("celery@.service.d"));

        ServiceFiles files = ServiceFiles.in(List.of(first, second, directory.resolve("absent")));

        assertThat(files.lasting()).containsExactly("celery@.service", "linked.service");
        assertThat(files.passing()).isEmpty();
    }

    @Test
    void aNameThatSystemdPassesOverIsNone() throws IOException {
        Files.createFile(directory.resolve("celery one.service"));
        Files.createFile(directory.resolve("celery\nAfter=x.service"));
        Files.createFile(directory.resolve("a\\x2db.service"));

        assertThat(ServiceFiles.in(List.of(directory)).lasting()).containsExactly("a\\x2db.service");
    }
}
