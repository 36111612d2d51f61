package dev.rediswarden.cli;

/** The form of an answer. */
public enum Format {
    TEXT,
    JSON,
    /** One line and the exit codes of the Monitoring Plugins. */
    NAGIOS
}
