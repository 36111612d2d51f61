package dev.rediswarden.snapshot;

/**
 * A setting that was put right by itself as often as it may be, and that is not as it is wished all the same.
 *
 * @param instance whose it is; {@link #KERNEL} for one that a boot sets in the kernel
 * @param setting Redis' name for it, or a file under /proc, /sys or /etc
 * @param found what it is now, for the next start where that alone is otherwise
 * @param wished what the configuration wishes
 * @param times how often it was put right
 */
public record Contested(String instance, String setting, String found, String wished, long times) {

    /** No instance can be called so. */
    public static final String KERNEL = "/kernel";

    public Contested {
        instance = Untrusted.line(instance);
        setting = Untrusted.line(setting);
        found = Untrusted.line(found);
        wished = Untrusted.line(wished);
    }

    public boolean isOf(String name) {
        return instance.equals(name);
    }
}
