package dev.rediswarden.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules of single values about Docker; each goes into a request or a command as it is. */
final class DockerRules {

    /** As the Swarm itself takes it; a stack's has the stack's name and _ in front. */
    private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?");

    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\\[[0-9a-fA-F:.]{2,45}]):(\\d{1,5})");

    private DockerRules() {}

    static String service(String text) throws RuleBroken {
        if (!SERVICE.matcher(text).matches()) {
            throw new RuleBroken("must be a Swarm service's name, as docker service ls has it");
        }
        return text;
    }

    static DockerReader.Tcp host(String text) throws RuleBroken {
        Matcher matcher = HOST.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
        if (port == 0 || port > 65535) {
            throw new RuleBroken("must be a host and a port without a scheme, as manager.example.com:2376");
        }
        return new DockerReader.Tcp(matcher.group(1).replaceAll("[\\[\\]]", ""), port);
    }
}
