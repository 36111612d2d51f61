package dev.rediswarden.check;

import static dev.rediswarden.check.Expected.degraded;
import static dev.rediswarden.check.Expected.unknown;
import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.kernel;
import static dev.rediswarden.snapshot.Given.ping;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.KernelSettings;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KernelCheckTest {

    private static final Given HUGE = healthy().with(kernel(1, "always", "tsc", 4096));

    @ParameterizedTest
    @MethodSource({"settings", "whatIsNotKnown", "elsewhere"})
    void rows(Expected row) {
        row.holdsFor(new KernelCheck());
    }

    static Stream<Expected> settings() {
        return Stream.of(
                Expected.ok(
                        "a kernel set up for Redis is ok",
                        healthy(),
                        "vm.overcommit_memory is 1, transparent huge pages madvise, clocksource tsc, somaxconn 4096"),
                degraded(
                        "overcommit by guess is degraded",
                        with(kernel(0, "never", "tsc", 4096)),
                        "vm.overcommit_memory is 0",
                        "sudo sysctl -w vm.overcommit_memory=1 && echo 'vm.overcommit_memory = 1' | sudo tee"
                                + " /etc/sysctl.d/99-zz-redis-overcommit_memory.conf"),
                degraded(
                        "overcommit switched off is degraded",
                        with(kernel(2, "never", "tsc", 4096)),
                        "vm.overcommit_memory is 2",
                        "vm.overcommit_memory=1"),
                Expected.ok(
                        "huge pages that Redis does without are ok",
                        HUGE.withConfig("disable-thp", "yes"),
                        "huge pages always"),
                degraded(
                        "huge pages that Redis takes are degraded",
                        HUGE.withConfig("disable-thp", "no"),
                        "CONFIG disable-thp is no",
                        "echo 'w /sys/kernel/mm/transparent_hugepage/enabled - - - - madvise' | sudo tee"
                                + " /etc/tmpfiles.d/redis-hugepages.conf"
                                + " && sudo systemd-tmpfiles --create /etc/tmpfiles.d/redis-hugepages.conf"),
                degraded("a Redis before 6.2 takes huge pages", HUGE, "this version has no disable-thp", "madvise"),
                degraded(
                        "a slow clock is degraded",
                        with(kernel(1, "never", "acpi_pm", 4096)),
                        "the clocksource is acpi_pm",
                        "/sys/devices/system/clocksource/clocksource0/current_clocksource - - - - tsc'"),
                degraded(
                        "where there is no faster clock, it is told",
                        with(slowClockAlone()),
                        "the kernel offers no faster one",
                        "dmesg"),
                Expected.ok(
                        "xen is judged by what Redis measures",
                        with(kernel(1, "never", "xen", 4096)),
                        "clocksource xen"),
                degraded(
                        "a kernel's queue shorter than Redis's is degraded",
                        with(kernel(1, "never", "tsc", 128)),
                        "net.core.somaxconn is 128 (/proc/sys/net/core/somaxconn), CONFIG tcp-backlog is 511",
                        "sudo sysctl -w net.core.somaxconn=511 && echo 'net.core.somaxconn = 511'"),
                Expected.ok("as long a queue is long enough", with(kernel(1, "never", "tsc", 511)), ""),
                degraded(
                        "in a container, the remedy says where it is to be run",
                        with(Given.copy(kernel(0, "never", "tsc", 4096), "container", "lxc")),
                        "is 0",
                        " # on the host of this lxc container"));
    }

    static Stream<Expected> whatIsNotKnown() {
        return Stream.of(
                unknown("settings that were not read are unknown", healthy().withKernel(Given.unknown())),
                unknown("a setting that may not be read is unknown", with(hidden())),
                unknown("CONFIG that may not be asked is unknown", healthy().withConfig(Given.unknown())),
                unknown("CONFIG without a backlog is unknown", healthy().withConfig(Reading.known(Map.of()))),
                unknown(
                        "what a silent Redis does with huge pages is unknown",
                        HUGE.with(ping(Outcome.REFUSED, "Connection refused"))),
                degraded(
                        "a silent Redis hides no trap of the kernel's own",
                        with(kernel(0, "always", "tsc", 4096)).with(ping(Outcome.REFUSED, "")),
                        "vm.overcommit_memory is 0",
                        ""));
    }

    static Stream<Expected> elsewhere() {
        Ping far = new Ping(Outcome.PONG, "10.0.0.7:6379", "", Duration.ofMillis(1), 0, OptionalLong.empty());
        return Stream.of(
                Expected.ok(
                        "a container's queue of connections is its own",
                        with(kernel(1, "never", "tsc", 128)).withUnit(Optional.empty()),
                        ""),
                unknown(
                        "another host's kernel is unknown",
                        healthy().withUnit(Optional.empty()).with(far)));
    }

    private static Given with(KernelSettings settings) {
        return healthy().with(settings);
    }

    private static KernelSettings slowClockAlone() {
        return Given.copy(
                kernel(1, "never", "hpet", 4096), "clocksources", Reading.known(List.of("hpet", "acpi_pm", "")));
    }

    private static KernelSettings hidden() {
        return Given.copy(
                kernel(1, "never", "tsc", 4096),
                "hugepages",
                Given.unknown(),
                "clocksource",
                Given.unknown(),
                "clocksources",
                Given.unknown(),
                "somaxconn",
                Given.unknown(),
                "available",
                Given.unknown());
    }
}
