package dev.rediswarden.preflight;

import java.util.regex.Pattern;

/** The redis-cli command that reaches what a URL names; it asks for the password, which no command line may hold. */
public final class RedisCli {

    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private RedisCli() {}

    /** As an administrator of that server, in no database of it. */
    static String of(SiteUrl url) {
        StringBuilder cli = new StringBuilder("redis-cli");
        if (url.server() instanceof SiteUrl.Tcp tcp) {
            if (!tcp.host().equals("localhost") && !tcp.host().equals("127.0.0.1")) {
                cli.append(" -h ").append(word(tcp.host()));
            }
            if (tcp.port() != UrlParts.DEFAULT_PORT) {
                cli.append(" -p ").append(tcp.port());
            }
            tcp.tls()
                    .ifPresent(tls -> cli.append(" --tls")
                            .append(tls.authorities()
                                    .map(pem -> " --cacert " + word(pem))
                                    .orElse("")));
        } else if (url.server() instanceof SiteUrl.Unix unix) {
            cli.append(" -s ").append(word(unix.path()));
        }
        return cli.append(url.login().isPresent() ? " --askpass" : "").toString();
    }

    /** As one word for a shell: a remedy is pasted into one. */
    public static String word(String text) {
        return PLAIN_WORD.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
