package dev.rediswarden.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    private static final List<String> NAMES = List.of("maxmemory", "maxmemory_policy", "save", "rdb", "aof");

    @ParameterizedTest
    @CsvSource({
        "maxmemroy, maxmemory",
        "maxmem0ry, maxmemory",
        "max_memory, maxmemory",
        "axmemor, maxmemory",
        "maxmemory-policy, maxmemory_policy",
        "saev, save",
        "rbd, rdb"
    })
    void twoLettersOffIsATypingError(String typed, String meant) {
        assertThat(Nearest.to(typed, NAMES)).hasValue(meant);
    }

    @ParameterizedTest
    @CsvSource({"maxmen, no", "x, no", "of, yes", "port, no"})
    void moreIsAnotherWordAndSoIsOneOfWhichNothingIsLeft(String typed, String known) {
        assertThat(Nearest.to(typed, NAMES).isPresent()).isEqualTo(known.equals("yes"));
    }

    @Test
    void theDistanceIsLevenshteins() {
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
        assertThat(Nearest.distance("abc", "")).isEqualTo(3);
        assertThat(Nearest.distance("abc", "abc")).isZero();
    }
}
