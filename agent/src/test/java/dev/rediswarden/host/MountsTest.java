package dev.rediswarden.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountsTest {

    private static final String MOUNTINFO = """
            22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
            30 22 0:25 / /var/lib/redis ro,nosuid shared:7 master:2 - xfs /dev/sdb1 rw
            31 30 0:26 / /var/lib/redis/fast rw - tmpfs tmpfs rw,size=1024k
            32 22 8:3 / /srv/my\\040data rw - ext4 /dev/sdc1 ro
            33 22 0:27 / /srv/twice rw - ext4 /dev/sdd1 rw
            34 22 0:28 / /srv/twice rw - overlay overlay rw
            nonsense
            35 22 0:29 / /short
            """;

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "/var/lib/postgresql, ext4, false",
        "/var/lib/redis, xfs, false",
        "/var/lib/redis/fast/a, tmpfs, false",
        "/var/lib/redis-other, ext4, false",
        "'/srv/my data/redis', ext4, true",
        "/srv/twice, overlay, false",
    })
    void theDeepestAndLastMountHoldsAPathAndItsFileSystemSaysWhetherItIsReadOnly(
            String path, String type, boolean readOnly) throws IOException {
        Path file = Files.writeString(directory.resolve("mountinfo"), MOUNTINFO);

        assertThat(Mounts.read(file).of(Path.of(path))).contains(new Mounts.Mount(type, readOnly));
    }

    @Test
    void theMountsOfThisHostAreUnderstood() throws IOException {
        assertThat(Mounts.read(Path.of("/proc/self/mountinfo")).of(Path.of("/proc/self")))
                .map(Mounts.Mount::type)
                .isEqualTo(Optional.of("proc"));
    }
}
