package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.UnitState;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The commands that remedies are made of, addressed to the instance that a finding is about; each part as a shell takes
 * it.
 *
 * @param rewritable whether CONFIG REWRITE would leave redis.conf whole
 */
record Commands(String unit, String cli, String confFile, boolean rewritable) {

    private static final String UNIX = "unix:";
    private static final String ASK = " --askpass";
    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    static Commands of(InstanceState instance) {
        String unit = instance.unitName();
        boolean valkey = unit.startsWith("valkey");
        StringBuilder cli = new StringBuilder(valkey ? "valkey-cli" : "redis-cli");
        instance.ping().optional().map(Ping::address).ifPresent(address -> cli.append(address(address)));
        if (asksForPassword(instance)) {
            cli.append(ASK);
        }
        String confFile = instance.confFile()
                .optional()
                .flatMap(file -> file.text("config_file"))
                .orElse(valkey ? "/etc/valkey/valkey.conf" : "/etc/redis/redis.conf");
        return new Commands(word(unit), cli.toString(), word(confFile), !isWithoutDirectory(instance));
    }

    /** Redis forgets the name of a working directory that was deleted, and CONFIG REWRITE would take dir out of redis.conf. */
    private static boolean isWithoutDirectory(InstanceState instance) {
        return instance.server()
                .optional()
                .flatMap(server -> server.config().optional())
                .filter(config -> config.is("dir", ""))
                .isPresent();
    }

    private static boolean asksForPassword(InstanceState instance) {
        return instance.server()
                .optional()
                .map(ServerState::passwordAsked)
                .flatMap(asked -> asked.optional())
                .orElse(false);
    }

    private static String address(String address) {
        if (address.startsWith(UNIX)) {
            return " -s " + word(address.substring(UNIX.length()));
        }
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, Math.max(colon, 0)).replace("[", "").replace("]", "");
        String port = address.substring(colon + 1);
        Optional<String> elsewhere =
                Optional.of(host).filter(h -> !h.isEmpty() && !h.equals("127.0.0.1") && !h.equals("localhost"));
        return elsewhere.map(h -> " -h " + word(h)).orElse("")
                + (port.isEmpty() || port.equals("6379") ? "" : " -p " + word(port));
    }

    /**
     * As one word for a shell. What a server says of itself may have been set by who broke into it, and a remedy is
     * pasted into a root shell.
     */
    static String word(String text) {
        return PLAIN_WORD.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** For a connection without a password, whether one is asked for or not. */
    String cliOfStranger() {
        return cli.replace(ASK, "");
    }

    /** Changes a parameter now and for the next start. */
    String set(String parameter, String value) {
        return setNow(parameter, value)
                + (rewritable
                        ? " && " + cli + " CONFIG REWRITE"
                        : " # not yet CONFIG REWRITE: its working directory is gone, see the check files");
    }

    /** Changes a parameter of the running server alone. */
    String setNow(String parameter, String value) {
        return cli + " CONFIG SET " + parameter + " " + value;
    }

    /** Opens the agent's own configuration and takes it over; what to write there stands behind it as a comment. */
    static String configure(String what) {
        return "sudoedit /etc/redis-warden/redis-warden.toml && sudo systemctl reload redis-warden.service # " + what;
    }

    /** Ends those who listen where the unit's server should, as the kernel names them, and starts that one. */
    String endOthers(InstanceState instance) {
        Set<Integer> ports = Ports.configured(instance);
        if (ports.isEmpty()) {
            return "sudo ss -lxp; " + systemctl("status");
        }
        long own = instance.unit()
                .flatMap(Reading::optional)
                .map(UnitState::mainPid)
                .orElse(0L);
        String where = ports.stream().map(port -> "sport = :" + port).collect(Collectors.joining(" or ", "'", "'"));
        return "sudo ss -ltnp " + where + "; sudo kill $(sudo ss -Hltnp " + where
                + " | grep -o 'pid=[0-9]*' | cut -d= -f2 | grep -vxE '1|" + own
                + "' | sort -u) && sudo systemctl restart "
                + unit;
    }

    /** Lists the processes that work in a file's directory, as Redis does in its data's. */
    String whoIsIn(String file) {
        String directory = file.substring(0, Math.max(file.lastIndexOf('/'), 1));
        return "sudo ls -l /proc/[0-9]*/cwd 2>/dev/null | grep -F " + word(" " + directory);
    }

    /** What an ACL user lacks; quoted, as a rule's bar is a pipe to a shell. */
    String grantConfigGet() {
        return cli + " ACL SETUSER default '+config|get'";
    }

    /** The user that the distribution's package runs the server as. */
    String owner() {
        return unit.startsWith("valkey") ? "valkey" : "redis";
    }

    String journal() {
        return "sudo journalctl -u " + unit + " -n 50";
    }

    String systemctl(String verb) {
        return "sudo systemctl " + verb + " " + unit;
    }
}
