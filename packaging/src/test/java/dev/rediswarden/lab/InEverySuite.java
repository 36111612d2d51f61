package dev.rediswarden.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** A test class whose constructor takes a fresh {@link Lab} without the package: run once for every suite. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RootRequired.class)
@ParameterizedClass(name = "{0}")
@ArgumentsSource(FreshLabs.class)
public @interface InEverySuite {}
