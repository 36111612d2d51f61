package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Reading;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CONFIG GET's reply without its secrets, of which only remains whether there was a password.
 *
 * @param passwordSet whether requirepass is set; empty where CONFIG GET does not tell
 */
record ConfigReply(Reading<Fields> parameters, Optional<Boolean> passwordSet) {

    static ConfigReply of(Object reply) {
        if (!(reply instanceof List<?> flat)) {
            return new ConfigReply(
                    Refusals.unknown("CONFIG GET", "+config|get", Refusals.message(reply)), Optional.empty());
        }
        Map<String, String> parameters = new HashMap<>();
        Optional<Boolean> passwordSet = Optional.empty();
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            if (flat.get(i) instanceof byte[] name && flat.get(i + 1) instanceof byte[] value) {
                String parameter = new String(name, UTF_8);
                if (!Secrets.isSecret(parameter)) {
                    parameters.put(parameter, new String(value, UTF_8));
                    continue;
                }
                if (parameter.equals("requirepass")) {
                    passwordSet = Optional.of(value.length > 0);
                }
                Arrays.fill(value, (byte) 0);
            }
        }
        return new ConfigReply(Reading.known(new Fields(parameters)), passwordSet);
    }
}
