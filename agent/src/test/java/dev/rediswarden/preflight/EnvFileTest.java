package dev.rediswarden.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvFileTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X=redis://h/1",
                "X='redis://h/1'",
                "X=\"redis://h/1\"",
                "export X=redis://h/1",
                "# X=other\nX=redis://h/1\n",
                "A=1\r\nX=redis://h/1\r\nB=2",
                "X=redis://h/1\nX='redis://h/1'",
                "XX=1\nX=redis://h/1\n  \nnonsense\n",
            })
    void isTakenWhereAllReadersAgree(String text) {
        assertThat(value(text)).contains(new EnvFile.Text("redis://h/1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X = redis://h",
                " X=redis://h",
                "X= redis://h",
                "X=redis://h ",
                "X='redis://h' ",
                "X=redis://h # a comment",
                "X=redis://h\nX=redis://other",
                "X=redis://:${PASSWORD}@h",
                "X='redis://:${PASSWORD}@h'",
                "X=$OTHER",
                "X=redis://h\\",
                "X='it''s'",
                "X=\"redis://:a\\\"b@h\"",
                "X='redis://h\nY=1'",
                "Y='begins\nX=redis://h\n'",
                "Y=1\\\nX=redis://h",
                "X=redis://\u0007",
                "X=#",
                "export  X=redis://h",
                "\ufeffX=redis://h",
            })
    void isObscureWhereTheyDoNot(String text) {
        assertThat(value(text)).get().isInstanceOf(EnvFile.Obscure.class);
    }

    @Test
    void whatIsNotThereIsEmptyAndWhatIsSetToNothingIsNot() {
        assertThat(value("Y=1")).isEmpty();
        assertThat(value("#X=1")).isEmpty();
        assertThat(value("X")).isEmpty();
        assertThat(value("X=")).contains(new EnvFile.Text(""));
    }

    private static Optional<EnvFile.Value> value(String text) {
        return EnvFile.parse(text).value("X");
    }
}
