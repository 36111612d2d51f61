package dev.rediswarden.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rediswarden.plan.Action;
import dev.rediswarden.plan.DropInText;
import dev.rediswarden.snapshot.DropIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are whole or not there, and that leave nothing behind. */
class DropInsTest {

    private static final String OURS = DropInText.MARK + "\n[Unit]\n";

    @TempDir
    Path root;

    private DropIns dropIns = new DropIns(Path.of("/"));

    @BeforeEach
    void here() {
        dropIns = new DropIns(root);
    }

    @Test
    void whatIsWrittenIsListedAndWhatIsRemovedLeavesNoDirectory() throws IOException {
        dropIns.write("celery@.service", OURS);

        assertThat(dropIns.list())
                .containsExactly(
                        new DropIn("celery@.service", root + "/celery@.service.d/" + DropInText.FILE, OURS, true));

        dropIns.remove("celery@.service");
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void whatElseIsInTheDirectoryStays() throws IOException {
        Path other = Files.createDirectory(root.resolve("a.service.d")).resolve("override.conf");
        Files.writeString(other, "[Service]\n");
        dropIns.write("a.service", OURS);

        dropIns.remove("a.service");

        assertThat(root.resolve("a.service.d")).isDirectoryContaining(path -> path.equals(other));
    }

    @Test
    void aLinkInItsPlaceAndAFileOfSomebodyElseAreNotOurs() throws IOException {
        Files.createDirectory(root.resolve("a.service.d"));
        Files.createSymbolicLink(root.resolve("a.service.d").resolve(DropInText.FILE), Path.of("/dev/null"));
        Files.createDirectory(root.resolve("b.service.d"));
        Files.writeString(root.resolve("b.service.d").resolve(DropInText.FILE), "[Unit]\n");

        assertThat(dropIns.list()).hasSize(2).noneMatch(DropIn::ours);
    }

    @Test
    void whatAnAdministratorHasPutThereSinceIsNotRemoved() throws IOException {
        dropIns.write("a.service", OURS);
        Path file = root.resolve("a.service.d").resolve(DropInText.FILE);
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/dev/null"));

        dropIns.remove("a.service");

        assertThat(file).isSymbolicLink();
    }

    @Test
    void aDirectoryThatIsALinkIsNotWrittenThrough(@TempDir Path elsewhere) throws IOException {
        Files.createSymbolicLink(root.resolve("a.service.d"), elsewhere);

        assertThatThrownBy(() -> dropIns.write("a.service", OURS)).hasMessageContaining("symbolic link");
        dropIns.remove("a.service");

        assertThat(elsewhere).isEmptyDirectory();
        assertThat(root.resolve("a.service.d")).isSymbolicLink();
    }

    @Test
    void undoingBringsBackWhatWasThere() throws IOException {
        dropIns.write("a.service", OURS + "# old\n");
        Action write = new Action.WriteDropIn("a.service", "", OURS + "# old\n", OURS);
        dropIns.act(write);

        dropIns.undo(write);

        assertThat(dropIns.list()).extracting(DropIn::text).containsExactly(OURS + "# old\n");
    }

    @Test
    void anIntentOutlivesWhoDeclaredIt() throws IOException {
        Path file = root.resolve("intent");
        Action write = new Action.WriteDropIn("a.service", DropInText.path("a.service"), OURS, "new");
        Action remove = new Action.RemoveDropIn("b.service", DropInText.path("b.service"), "");
        new Intent(file).declare(List.of(write, remove));

        List<Action> unfinished = new Intent(file).unfinished();
        assertThat(unfinished)
                .extracting(action -> ((Action.WriteDropIn) action).before())
                .containsExactly(OURS, "");
        assertThat(unfinished).extracting(Action::unit).containsExactly("a.service", "b.service");

        new Intent(file).fulfilled();
        assertThat(new Intent(file).unfinished()).isEmpty();
    }
}
