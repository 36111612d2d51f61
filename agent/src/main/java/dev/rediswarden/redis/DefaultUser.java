package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rediswarden.snapshot.Reading;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether a new connection, which is the default user's, must give a password. */
final class DefaultUser {

    private DefaultUser() {}

    /**
     * From the reply to ACL GETUSER default. requirepass stands in for it before Redis 6 alone: later an ACL file may
     * open the default user while requirepass is set, and CONFIG GET goes on showing it.
     *
     * @param authenticated false where INFO was answered without a password, which proves that none is asked for
     */
    static Reading<Boolean> asksPassword(Object reply, ConfigReply config, boolean authenticated) {
        if (!authenticated) {
            return Reading.known(false);
        }
        if (reply instanceof List<?> user && user.size() > 1 && user.get(1) instanceof List<?> words) {
            Set<String> flags = new HashSet<>();
            for (Object word : words) {
                flags.add(word instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(word));
            }
            return Reading.known(!(flags.contains("on") && flags.contains("nopass")));
        }
        Reading<Boolean> unknown = Refusals.unknown("ACL GETUSER", "+acl|getuser", Refusals.message(reply));
        return unknown.fold(
                known -> unknown,
                why -> why.cause() == Reading.Cause.UNSUPPORTED
                        ? config.passwordSet()
                                .<Reading<Boolean>>map(Reading::known)
                                .orElse(unknown)
                        : unknown);
    }
}
