package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** Where a password is wanted it is really asked for: tried without one, not believed from CONFIG. */
record AuthCheck() implements Check {

    @Override
    public String name() {
        return "auth";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        return Asked.server(instance, server -> judge(server, instance, Commands.of(instance)));
    }

    private static Verdict judge(ServerState server, InstanceState instance, Commands commands) {
        boolean required =
                instance.policy().passwordRequired() && instance.policy().isStated("password");
        Reading<Boolean> served = server.inspection().strangerServed();
        List<Finding> findings = new ArrayList<>();
        if (served instanceof Reading.Unknown<Boolean> unknown) {
            findings.add(Finding.unknown(
                    "a connection without a password could not be tried (" + unknown.detail() + ")",
                    "whether a password is asked for is not known",
                    commands.cliOfStranger() + " PING"));
        } else if (served.optional().orElse(false) && server.passwordSet().orElse(false)) {
            findings.add(Finding.unhealthy(
                    "CONFIG shows a requirepass, and a connection without a password is let in",
                    "an aclfile or a user line opens the default user: the password protects nothing",
                    closeDefaultUser(server, commands)));
        } else if (served.optional().orElse(false) && required) {
            findings.add(Finding.unhealthy(
                    "the policy requires a password, and a connection without one is let in",
                    "every process of this host has what the default user has",
                    setPassword(instance, commands)));
        } else if (served.optional().orElse(false) && server.passwordSet().isEmpty()) {
            findings.add(Finding.unknown(
                    "a connection without a password is let in, and CONFIG GET does not tell whether requirepass is set",
                    "whether anybody counts on a password is not known",
                    commands.grant("+config|get", "")));
        }
        long denied = server.growth().of("acl_access_denied_auth");
        if (denied > 0) {
            findings.add(Finding.degraded(
                    "INFO stats: acl_access_denied_auth has grown by " + denied + " within ten minutes",
                    "a client has a wrong password, or somebody is trying some",
                    commands.cli() + " ACL LOG 10"));
        }
        return Verdict.of(
                findings,
                served.optional().orElse(false)
                        ? "no password is asked for, and none is required here"
                        : "a connection without a password is turned away");
    }

    /** In two steps, with the sites told between them: one that Redis alone knows would lock each of them out. */
    private static String setPassword(InstanceState instance, Commands commands) {
        return instance.unit().isPresent()
                ? "sudo redis-warden rotate-password --redis " + Commands.word(instance.name())
                        + " --env-file /path/to/.env # once for each site that uses it; then as it says"
                : commands.cliOfStranger() + " ACL GETUSER default # a password for it, once its clients have that one";
    }

    /**
     * With the password that is shown already, unless a site has a URL without one: that is listed, and nothing done.
     * By redis-cli's standard input: an argument could be read by every user of the host.
     */
    private static String closeDefaultUser(ServerState server, Commands commands) {
        boolean file = server.config()
                .optional()
                .flatMap(config -> config.text("aclfile"))
                .filter(path -> !path.isEmpty())
                .isPresent();
        String cli = commands.cliOfStranger();
        return "! sudo grep -lsE '^[^#]*(rediss?|unix|redis[+]socket)://[^@]*$' /srv/sum/*/.env && p=$(" + cli
                + " CONFIG GET requirepass | tail -n 1) && printf 'ACL SETUSER default on resetpass >%s\\nAUTH %s\\n"
                + (file ? "ACL SAVE" : "CONFIG REWRITE") + "\\n' \"$p\" \"$p\" | " + cli
                + " # a file that is listed has a URL without the password: give it that first";
    }
}
