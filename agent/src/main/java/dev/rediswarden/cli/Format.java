package dev.rediswarden.cli;

/** The form of an answer. */
public enum Format {
    TEXT,
    JSON
}
