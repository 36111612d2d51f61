package dev.rediswarden.plan;

/**
 * What is not as it is wanted, and is left alone all the same.
 *
 * @param reason why, in one sentence
 * @param command with which a person changes it
 */
public record Left(String unit, String reason, String command) {}
