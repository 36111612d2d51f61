package dev.rediswarden.config;

import dev.rediswarden.snapshot.Limits;
import java.time.Duration;

/** What {@code [redis.limits]} says of where the checks of one server begin to mind. */
final class LimitsReader {

    private LimitsReader() {}

    static Limits read(Section section) {
        Limits limits = new Limits(
                section.value("memory", "90%", LimitsReader::share),
                section.value("memory_full", "98%", LimitsReader::share),
                section.value("fragmentation", "1.5", LimitsReader::ratio),
                section.value("clients", "80%", LimitsReader::share),
                section.value("ping_p99", "100ms", Rules.duration(Duration.ofMillis(1), Duration.ofSeconds(30))),
                section.value("fork", "1s", Rules.duration(Duration.ofMillis(1), Duration.ofMinutes(1))),
                section.value("slow_commands", "10", LimitsReader::count),
                section.value("queue_stall", "5m", Rules.duration(Duration.ofSeconds(10), Duration.ofHours(24))));
        if (limits.memoryFull() < limits.memory()) {
            section.problem("memory_full", "must not be below memory", Math.round(limits.memoryFull() * 100) + "%");
        }
        section.rejectUnknown();
        return limits;
    }

    private static double share(String text) throws RuleBroken {
        if (!text.matches("[1-9]\\d?%|100%")) {
            throw new RuleBroken("must be a share from 1% to 100%");
        }
        return Integer.parseInt(text.substring(0, text.length() - 1)) / 100.0;
    }

    private static double ratio(String text) throws RuleBroken {
        if (!text.matches("([1-9]|[1-9]\\d)(\\.\\d{1,2})?") || Double.parseDouble(text) <= 1) {
            throw new RuleBroken("must be a ratio above 1 and below 100, as 1.5");
        }
        return Double.parseDouble(text);
    }

    private static long count(String text) throws RuleBroken {
        if (!text.matches("0|[1-9]\\d{0,5}")) {
            throw new RuleBroken("must be a number from 0 to 999999");
        }
        return Long.parseLong(text);
    }
}
