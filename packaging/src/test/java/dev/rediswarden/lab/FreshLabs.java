package dev.rediswarden.lab;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** One lab per suite of the system property {@code lab.suites}, closed by JUnit after the class. */
final class FreshLabs implements ArgumentsProvider {

    @Override
    public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
        return suites(context).map(Lab::up).map(Arguments::of);
    }

    static Stream<String> suites(ExtensionContext context) {
        var one = context.getRequiredTestClass().isAnnotationPresent(OneSuite.class) && !LongRun.ASKED;
        return Arrays.stream(System.getProperty("lab.suites", "bookworm,trixie").split(","))
                .map(String::strip)
                .limit(one ? 1 : Integer.MAX_VALUE);
    }
}
