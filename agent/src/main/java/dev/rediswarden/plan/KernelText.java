package dev.rediswarden.plan;

/** The files by which a boot sets what Redis needs of the kernel, as a person would write them. */
public final class KernelText {

    /** By sysctl.d(5); what an administrator sets in a file that is read later counts more. */
    public static final String SYSCTL = "/etc/sysctl.d/60-redis-warden.conf";

    /** By tmpfiles.d(5): the hugepages are no sysctl. */
    public static final String TMPFILES = "/etc/tmpfiles.d/redis-warden.conf";

    public static final String HUGEPAGES = "/sys/kernel/mm/transparent_hugepage/enabled";

    private static final String MARK =
            "# Written by redis-warden(1), for Redis; taken away by redis-warden apply --revert.\n";

    private KernelText() {}

    static String sysctl(Iterable<String> lines) {
        StringBuilder text = new StringBuilder(MARK);
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    static String hugepages() {
        return MARK + "w " + HUGEPAGES + " - - - - madvise\n";
    }

    /** Where a sysctl is in the running kernel. */
    static String file(String sysctl) {
        return "/proc/sys/" + sysctl.replace('.', '/');
    }
}
