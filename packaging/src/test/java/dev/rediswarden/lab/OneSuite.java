package dev.rediswarden.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a test class shows does not hang on the version of systemd or Redis: it is run in the first suite alone, and in all
 * of them in a {@link LongRun}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OneSuite {}
