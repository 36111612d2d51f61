package dev.rediswarden.config;

import dev.rediswarden.notify.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** The rules of single values of a {@code [[notify]]}; each goes into a request, a header or a command as it is. */
final class NotifyRules {

    private NotifyRules() {}

    static URI url(String text) throws RuleBroken {
        RuleBroken broken = new RuleBroken("must be http://HOST[:PORT][/PATH] or https://…, without a user in it;"
                + " where the path is a secret, better in a url_file");
        try {
            URI url = new URI(text);
            if (!Secret.isUsable(url) || !text.chars().allMatch(c -> c > ' ' && c <= '~')) {
                throw broken;
            }
            return url;
        } catch (URISyntaxException e) {
            throw broken;
        }
    }

    /** A credential of the messenger's unit is there while that runs, and for it alone: nobody else can look at it. */
    static Path secretFile(String text) throws RuleBroken {
        Path file = Rules.file(text);
        return Secret.isCredential(file) ? file : Rules.secretFile(text);
    }

    /** RFC 5322, without what may be quoted: it stands in a header. */
    static String mailAddress(String text) throws RuleBroken {
        if (!text.matches("[A-Za-z0-9_+][A-Za-z0-9._+=~-]{0,63}@[A-Za-z0-9.-]{1,253}|[a-z_][a-z0-9_-]{0,31}")) {
            throw new RuleBroken("must be a mail address, without a name beside it, or a user of this host");
        }
        return text;
    }

    static String word(String text) throws RuleBroken {
        if (text.isEmpty() || text.indexOf('\0') >= 0 || text.length() > 4096) {
            throw new RuleBroken("must be words: the program's absolute path, then its arguments");
        }
        return text;
    }
}
