package dev.rediswarden.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * A test class whose constructor takes a {@link Lab} with the package installed: run once for every version of Redis, each time in
 * a lab of its own that no other class has touched. The tests of one class share it and leave it as they found it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RootRequired.class)
@ParameterizedClass(name = "{0}")
@ArgumentsSource(ServerLabs.class)
public @interface OnEveryServer {}
