package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.SwarmState;
import dev.rediswarden.snapshot.UnitState;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The commands that remedies are made of, addressed to the instance that a finding is about; each part as a shell takes
 * it.
 *
 * @param dir where the server has its data
 * @param rewritable whether CONFIG REWRITE would leave redis.conf whole
 * @param restart restarts it, and has its data there again
 * @param service the Swarm service that runs it, in whose container cli is; empty where it is this host's
 */
record Commands(
        String unit,
        String cli,
        String confFile,
        String dir,
        boolean rewritable,
        String restart,
        Optional<String> service) {

    private static final String UNIX = "unix:";
    private static final String ASK = " --askpass";
    private static final String SUDO = "sudo ";
    private static final Pattern REFUSED_USER = Pattern.compile("NOPERM User (\\S{1,128}) has no permissions");
    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    static Commands of(InstanceState instance) {
        String unit = instance.unitName();
        String kind = unit.startsWith("valkey") ? "valkey" : "redis";
        Optional<String> service = instance.swarm().map(SwarmState::service);
        StringBuilder cli =
                new StringBuilder(service.map(name -> inContainer(name, asksForPassword(instance)))
                                .orElse("") + kind + "-cli");
        Optional<String> address = instance.ping().optional().map(Ping::address);
        if (service.isEmpty()) {
            address.ifPresent(where -> cli.append(address(where)));
        }
        config(instance).filter(config -> isOfTls(config, address.orElse(""))).ifPresent(config -> addTls(cli, config));
        if (asksForPassword(instance)) {
            cli.append(ASK);
        }
        // A socket file is open to the server's group as a rule, and so are a certificate's key files.
        if (cli.indexOf(" -s ") > 0 || cli.indexOf(" --key ") > 0) {
            cli.insert(0, SUDO);
        }
        String confFile = instance.confFile()
                .optional()
                .flatMap(file -> file.text("config_file"))
                .orElse("/etc/" + kind + "/" + ofTemplate(unit, kind) + ".conf");
        String dir = config(instance)
                .or(() -> instance.confFile().optional())
                .flatMap(settings -> settings.text("dir"))
                .filter(path -> !path.isEmpty())
                .orElse("/var/lib/" + kind);
        return new Commands(
                word(unit),
                cli.toString(),
                word(confFile),
                word(dir),
                !isWithoutDirectory(instance),
                service.map(name -> new ServiceCommands(name).renew())
                        .orElseGet(() -> Restart.of(instance, cli.toString(), word(unit))),
                service);
    }

    /** A password is typed at a terminal. */
    private static String inContainer(String service, boolean password) {
        return "docker exec " + (password ? "-it " : "-i ") + ServiceCommands.container(service) + " ";
    }

    /** {@code redis-sessions} for {@code redis-server@sessions.service}, as the distribution's template has it. */
    private static String ofTemplate(String unit, String kind) {
        int at = unit.indexOf('@');
        String name = at < 0 ? "" : unit.substring(at + 1).replace(".service", "");
        return name.isEmpty() ? kind : kind + "-" + name;
    }

    private static Optional<Fields> config(InstanceState instance) {
        return instance.server().optional().flatMap(server -> server.config().optional());
    }

    private static boolean isOfTls(Fields config, String address) {
        return config.number("tls-port").orElse(0) > 0
                && !address.startsWith(UNIX)
                && address.endsWith(":" + config.number("tls-port").getAsLong())
                && config.number("port").orElse(0) != config.number("tls-port").getAsLong();
    }

    /** By the server's own certificate where it wants to see one, which is its default. */
    private static void addTls(StringBuilder cli, Fields config) {
        cli.append(" --tls");
        config.text("tls-ca-cert-file")
                .filter(file -> !file.isEmpty())
                .ifPresent(file -> cli.append(" --cacert ").append(word(file)));
        Optional<String> certificate = config.text("tls-cert-file").filter(file -> !file.isEmpty());
        Optional<String> key = config.text("tls-key-file").filter(file -> !file.isEmpty());
        if (config.is("tls-auth-clients", "yes") && certificate.isPresent() && key.isPresent()) {
            cli.append(" --cert ")
                    .append(word(certificate.get()))
                    .append(" --key ")
                    .append(word(key.get()));
        }
    }

    /** Redis forgets the name of a working directory that was deleted, and CONFIG REWRITE would take dir out of redis.conf. */
    private static boolean isWithoutDirectory(InstanceState instance) {
        return config(instance).filter(config -> config.is("dir", "")).isPresent();
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

    /** With root's rights, as where it writes a file. */
    String cliAsRoot() {
        return cli.startsWith(SUDO) ? cli : SUDO + cli;
    }

    /** Changes a parameter now and for the next start. */
    String set(String parameter, String value) {
        if (service.isPresent()) {
            return setNow(parameter, value)
                    + " # and where its service is deployed from, or its next task has the old one";
        }
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
                + "' | sort -u) && "
                + (own > 0 && isAnsweredBy(own, instance) ? restart : systemctl("restart"));
    }

    /** What an impostor says of its data is no reason for what is done with ours. */
    private static boolean isAnsweredBy(long process, InstanceState instance) {
        return instance.server()
                .optional()
                .filter(server -> server.info().number("process_id").orElse(0) == process)
                .isPresent();
    }

    /** Lists the processes that work in a file's directory, as Redis does in its data's. */
    String whoIsIn(String file) {
        String directory = file.substring(0, Math.max(file.lastIndexOf('/'), 1));
        return "sudo ls -l /proc/[0-9]*/cwd 2>/dev/null | grep -F " + word(" " + directory);
    }

    /**
     * Gives the user whom Redis has refused what it lacks; quoted, as a rule's bar is a pipe to a shell.
     *
     * @param refusal Redis' words, which name the user since version 7
     */
    String grant(String rule, String refusal) {
        Matcher user = REFUSED_USER.matcher(refusal);
        return cli + " ACL SETUSER " + (user.find() ? word(user.group(1)) : "default") + " '" + rule + "'";
    }

    /** Whether it was a right that was missing, or the command itself, which no right brings back. */
    String allowConfigGet(Reading.Unknown<?> unknown) {
        return unknown.cause() == Cause.UNSUPPORTED
                ? "sudo grep -n '^rename-command' " + confFile
                        + " # what keeps others from CONFIG without keeping redis-warden from it: redis-warden config"
                        + " --acl"
                : grant("+config|get", unknown.detail());
    }

    /** Names those who listen where the unit's server should, where to end them might end what publishes ports for others. */
    String nameOthers(InstanceState instance) {
        Set<Integer> ports = Ports.configured(instance);
        String where = ports.stream().map(port -> "sport = :" + port).collect(Collectors.joining(" or ", "'", "'"));
        return "sudo ss -ltnp " + where
                + ports.stream()
                        .map(port -> "; sudo docker ps --filter publish=" + port)
                        .collect(Collectors.joining())
                + " # have it listen elsewhere, then: " + systemctl("restart");
    }

    /** The user that the distribution's package runs the server as. */
    String owner() {
        return unit.startsWith("valkey") ? "valkey" : "redis";
    }

    String journal() {
        return service.isPresent()
                ? "docker service logs --tail 50 " + service.get()
                : "sudo journalctl -u " + unit + " -n 50";
    }

    String systemctl(String verb) {
        return service.isPresent() ? ofService(service.get(), verb) : "sudo systemctl " + verb + " " + unit;
    }

    private static String ofService(String service, String verb) {
        return verb.equals("status") ? "docker service ps --no-trunc " + service : new ServiceCommands(service).renew();
    }
}
