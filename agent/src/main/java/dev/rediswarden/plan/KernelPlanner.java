package dev.rediswarden.plan;

import dev.rediswarden.plan.Action.SetKernel;
import dev.rediswarden.snapshot.BootSettings;
import dev.rediswarden.snapshot.BootSettings.Other;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.KernelSettings;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Computes what to change about the kernel's settings, for servers that units of this host run. What cannot be read is
 * not changed, and what another file sets is its owner's.
 */
public final class KernelPlanner {

    private static final String OVERCOMMIT = "vm.overcommit_memory";
    private static final String SOMAXCONN = "net.core.somaxconn";

    private final KernelSettings kernel;
    private final BootSettings boot;
    private final List<Action> actions = new ArrayList<>();
    private final List<Left> left = new ArrayList<>();

    private KernelPlanner(KernelSettings kernel, BootSettings boot) {
        this.kernel = kernel;
        this.boot = boot;
    }

    /** Nothing where no server runs here, or where the kernel's settings are not known. */
    public static Plan plan(Snapshot snapshot, BootSettings boot) {
        List<Fields> configs = snapshot.instances().stream()
                .filter(instance -> instance.unit()
                        .flatMap(Reading::optional)
                        .filter(unit -> unit.loadState().equals("loaded"))
                        .isPresent())
                .flatMap(instance -> config(instance).stream())
                .toList();
        Optional<KernelSettings> kernel = snapshot.kernel().optional();
        if (configs.isEmpty() || kernel.isEmpty()) {
            return new Plan(List.of(), List.of());
        }
        return new KernelPlanner(kernel.get(), boot).plan(configs);
    }

    private static Optional<Fields> config(InstanceState instance) {
        return instance.server().optional().map(ServerState::config).flatMap(Reading::optional);
    }

    private Plan plan(List<Fields> configs) {
        sysctl(configs);
        if (configs.stream().anyMatch(config -> !config.is("disable-thp", "yes"))) {
            hugepages();
        }
        return new Plan(actions, left);
    }

    private void sysctl(List<Fields> configs) {
        List<String> lines = new ArrayList<>();
        List<SetKernel.Live> live = new ArrayList<>();
        want(OVERCOMMIT, kernel.overcommit(), 1, 1, false, lines, live);
        OptionalLong backlog = configs.stream()
                .flatMapToLong(config -> config.number("tcp-backlog").stream())
                .max();
        // A kernel that has enough of it by itself needs no file.
        backlog.ifPresent(least -> want(SOMAXCONN, kernel.somaxconn(), least, Integer.MAX_VALUE, true, lines, live));
        String before = boot.ours().getOrDefault(KernelText.SYSCTL, "");
        String content = lines.isEmpty() ? before : KernelText.sysctl(lines);
        if (!live.isEmpty() || !content.equals(before)) {
            actions.add(new SetKernel(KernelText.SYSCTL, before, content, live));
        }
    }

    /** @param least what it is set to where it is not between that and the most */
    private void want(
            String name,
            Reading<Long> now,
            long least,
            long most,
            boolean enoughByItself,
            List<String> lines,
            List<SetKernel.Live> live) {
        if (!(now instanceof Reading.Known<Long> known)) {
            return;
        }
        boolean fits = known.value() >= least && known.value() <= most;
        String line = name + " = " + least;
        boolean ours = boot.ours().getOrDefault(KernelText.SYSCTL, "").contains("\n" + name + " = ");
        Optional<Other> other = boot.other(name);
        boolean fitsOther = other.filter(o -> isBetween(o.value(), least, most)).isPresent();
        if (!kernel.container().isEmpty()) {
            if (!fits) {
                left.add(inContainer(name + " is " + known.value(), "sudo sysctl -w " + name + "=" + least));
            }
        } else if (other.isPresent() && other.get().wins() && !fitsOther) {
            left.add(anothers(name + " = " + other.get().value(), other.get()));
        } else {
            if (!fitsOther && (ours || !fits || !enoughByItself)) {
                lines.add(line);
            }
            if (!fits) {
                live.add(new SetKernel.Live(
                        KernelText.file(name), String.valueOf(known.value()), String.valueOf(least)));
            }
        }
    }

    private static boolean isBetween(String value, long least, long most) {
        return value.matches("\\d{1,10}") && Long.parseLong(value) >= least && Long.parseLong(value) <= most;
    }

    private void hugepages() {
        boolean always = kernel.hugepages().fold("always"::equals, unknown -> false);
        Optional<Other> other = boot.other(KernelText.HUGEPAGES);
        String before = boot.ours().getOrDefault(KernelText.TMPFILES, "");
        if (!kernel.container().isEmpty()) {
            if (always) {
                left.add(inContainer(
                        "transparent huge pages are given always", "echo madvise | sudo tee " + KernelText.HUGEPAGES));
            }
        } else if (other.isPresent() && other.get().value().equals("always")) {
            left.add(anothers("transparent huge pages to always", other.get()));
        } else if (always || (!before.isEmpty() && !before.equals(KernelText.hugepages()))) {
            actions.add(new SetKernel(
                    KernelText.TMPFILES,
                    before,
                    KernelText.hugepages(),
                    always ? List.of(new SetKernel.Live(KernelText.HUGEPAGES, "always", "madvise")) : List.of()));
        }
    }

    private Left inContainer(String what, String command) {
        return new Left(
                "kernel",
                what + ", and this is a " + kernel.container() + " container, whose kernel is its host's",
                command + " # on that host, and for its next boot in a file of /etc/sysctl.d or /etc/tmpfiles.d");
    }

    private static Left anothers(String what, Other other) {
        return new Left(
                "kernel", other.file() + " sets " + what + ", and counts more than ours", "sudoedit " + other.file());
    }
}
