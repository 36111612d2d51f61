package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.KernelSettings;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The kernel has none of the settings that Redis warns of when it starts
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/admin/).
 */
record KernelCheck() implements Check {

    private static final String OVERCOMMIT = "/proc/sys/vm/overcommit_memory";
    private static final String HUGEPAGES = "/sys/kernel/mm/transparent_hugepage/enabled";
    private static final String CLOCKSOURCE = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    private static final String SOMAXCONN = "/proc/sys/net/core/somaxconn";

    /** Each look at these is a system call. Whether xen is one of them, Redis finds out only by measuring. */
    private static final Set<String> SLOW_CLOCKS = Set.of("hpet", "acpi_pm", "jiffies", "refined-jiffies");

    @Override
    public String name() {
        return "kernel";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        if (instance.swarm().isPresent()) {
            return Verdict.off("its kernel is that of the node that the Swarm runs it on");
        }
        if (instance.isElsewhere()) {
            return Verdict.of(Finding.unknown(
                    "Redis runs on another host or in a container with an address of its own",
                    "the settings of its kernel are not known",
                    Commands.configure("[redis.checks] kernel = \"off\"")));
        }
        Verdict verdict = snapshot.kernel()
                .fold(
                        kernel -> judge(kernel, instance),
                        unknown -> Verdict.of(Finding.unknown(
                                "the kernel's settings could not be read (" + unknown.detail() + ")",
                                "whether one of them is a trap is not known",
                                "sysctl vm.overcommit_memory net.core.somaxconn; cat " + HUGEPAGES)));
        return verdict.findings().isEmpty() ? verdict : Contests.added(Contests.ofKernel(instance, snapshot), verdict);
    }

    private static Verdict judge(KernelSettings kernel, InstanceState instance) {
        Reading<Fields> config = config(instance);
        String whose = kernel.container().isEmpty()
                ? ""
                : " # on the host of this " + kernel.container() + " container, whose kernel it is";
        List<Finding> findings = new ArrayList<>();
        addIfUnread(findings, kernel.overcommit(), OVERCOMMIT);
        kernel.overcommit().optional().flatMap(mode -> overcommit(mode, whose)).ifPresent(findings::add);
        addIfUnread(findings, kernel.hugepages(), HUGEPAGES);
        kernel.hugepages()
                .optional()
                .flatMap(mode -> hugepages(mode, config, instance, whose))
                .ifPresent(findings::add);
        addIfUnread(findings, kernel.clocksource(), CLOCKSOURCE);
        kernel.clocksource()
                .optional()
                .flatMap(clock -> clocksource(clock, kernel, whose))
                .ifPresent(findings::add);
        // Of this host's network alone: a container has a network, and a somaxconn, of its own.
        if (instance.unit().isPresent()) {
            addIfUnread(findings, kernel.somaxconn(), SOMAXCONN);
            kernel.somaxconn()
                    .optional()
                    .flatMap(longest -> somaxconn(longest, config, instance))
                    .ifPresent(findings::add);
        }
        return Verdict.of(findings, allWell(kernel));
    }

    private static Reading<Fields> config(InstanceState instance) {
        return instance.isSilent()
                ? Reading.unknown(Cause.UNAVAILABLE, "Redis does not answer")
                : instance.server()
                        .fold(ServerState::config, unknown -> Reading.unknown(unknown.cause(), unknown.detail()));
    }

    private static String allWell(KernelSettings kernel) {
        return "vm.overcommit_memory is " + text(kernel.overcommit()) + ", transparent huge pages "
                + text(kernel.hugepages()) + ", clocksource " + text(kernel.clocksource()) + ", somaxconn "
                + text(kernel.somaxconn());
    }

    private static String text(Reading<?> reading) {
        return reading.fold(String::valueOf, unknown -> "?");
    }

    private static void addIfUnread(List<Finding> findings, Reading<?> reading, String file) {
        if (reading instanceof Reading.Unknown<?> unknown) {
            findings.add(Finding.unknown(
                    unknown.detail(), "whether it is a trap is not known", "sudo -u redis-warden cat " + file));
        }
    }

    private static Finding notUnderstood(String file, String said) {
        return Finding.unknown(file + " says '" + said + "'", "whether it is a trap is not known", "cat " + file);
    }

    private static Optional<Finding> overcommit(long mode, String whose) {
        return mode == 1
                ? Optional.empty()
                : Optional.of(Finding.degraded(
                        "vm.overcommit_memory is " + mode + " (" + OVERCOMMIT + ")",
                        "the kernel may refuse the fork of a snapshot while memory is free, and then writes are"
                                + " refused",
                        sysctl("vm.overcommit_memory", 1) + whose));
    }

    private static Optional<Finding> hugepages(
            String mode, Reading<Fields> config, InstanceState instance, String whose) {
        if (mode.equals("madvise") || mode.equals("never")) {
            return Optional.empty();
        }
        if (!mode.equals("always")) {
            return Optional.of(notUnderstood(HUGEPAGES, mode));
        }
        String evidence = "transparent huge pages are given always (" + HUGEPAGES + "), and ";
        return config.<Optional<Finding>>fold(
                known -> known.is("disable-thp", "yes")
                        ? Optional.empty()
                        : Optional.of(Finding.degraded(
                                evidence
                                        + known.text("disable-thp")
                                                .map(value -> "CONFIG disable-thp is " + value)
                                                .orElse("this version has no disable-thp to do without them"),
                                "while a snapshot is written, each write copies 2 MiB: memory and latency jump",
                                tmpfile(HUGEPAGES, "hugepages", "madvise") + whose)),
                unknown -> Optional.of(Finding.unknown(
                        evidence + "CONFIG disable-thp is not known (" + unknown.detail() + ")",
                        "whether Redis does without them is not known",
                        toKnow(unknown, instance))));
    }

    private static Optional<Finding> clocksource(String clock, KernelSettings kernel, String whose) {
        if (clock.isBlank()) {
            return Optional.of(notUnderstood(CLOCKSOURCE, clock));
        }
        if (!SLOW_CLOCKS.contains(clock)) {
            return Optional.empty();
        }
        Optional<String> faster = kernel.clocksources().optional().orElse(List.of()).stream()
                .filter(offered -> !offered.isEmpty() && !SLOW_CLOCKS.contains(offered))
                .findFirst();
        return Optional.of(Finding.degraded(
                "the clocksource is " + clock + " (" + CLOCKSOURCE + ")"
                        + (faster.isPresent() ? "" : ", and the kernel offers no faster one"),
                "Redis asks for the time with each command, and each time it takes a system call",
                faster.map(source -> tmpfile(CLOCKSOURCE, "clocksource", Commands.word(source)) + whose)
                        .orElse("sudo dmesg | grep -i -e clocksource -e tsc"
                                + " # says why; only the hypervisor, or the boot parameter clocksource=, can help")));
    }

    private static Optional<Finding> somaxconn(long longest, Reading<Fields> config, InstanceState instance) {
        if (instance.isSilent()) {
            return Optional.of(Asked.WAITS);
        }
        return config.<Optional<Finding>>fold(
                known -> {
                    OptionalLong backlog = known.number("tcp-backlog");
                    if (backlog.isEmpty()) {
                        return Optional.of(Finding.unknown(
                                "CONFIG GET has no tcp-backlog",
                                "whether the kernel's queue of connections is long enough is not known",
                                Commands.of(instance).cli() + " CONFIG GET tcp-backlog"));
                    }
                    return longest >= backlog.getAsLong()
                            ? Optional.empty()
                            : Optional.of(Finding.degraded(
                                    "net.core.somaxconn is " + longest + " (" + SOMAXCONN + "), CONFIG tcp-backlog is "
                                            + backlog.getAsLong(),
                                    "when many connect at once, connections are lost that Redis has room for",
                                    sysctl("net.core.somaxconn", backlog.getAsLong())
                                            + " # counts from the next start of Redis on"));
                },
                unknown -> Optional.of(Finding.unknown(
                        "CONFIG tcp-backlog is not known (" + unknown.detail() + ")",
                        "whether the kernel's queue of connections is long enough is not known",
                        toKnow(unknown, instance))));
    }

    private static String toKnow(Reading.Unknown<Fields> unknown, InstanceState instance) {
        Commands commands = Commands.of(instance);
        return unknown.cause() == Cause.UNAVAILABLE ? commands.journal() : commands.allowConfigGet(unknown);
    }

    /** Now and after each boot; a file for each, as one remedy must not undo another, read after /etc/sysctl.conf. */
    private static String sysctl(String parameter, long value) {
        return "sudo sysctl -w " + parameter + "=" + value + " && echo '" + parameter + " = " + value
                + "' | sudo tee /etc/sysctl.d/99-zz-redis-" + parameter.substring(parameter.lastIndexOf('.') + 1)
                + ".conf";
    }

    /** The same for what is no sysctl (tmpfiles.d(5)). */
    private static String tmpfile(String file, String name, String value) {
        String conf = "/etc/tmpfiles.d/redis-" + name + ".conf";
        return "echo 'w " + file + " - - - - " + value + "' | sudo tee " + conf + " && sudo systemd-tmpfiles --create "
                + conf;
    }
}
