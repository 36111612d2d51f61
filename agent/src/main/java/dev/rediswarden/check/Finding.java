package dev.rediswarden.check;

/**
 * One thing that is wrong, or could not be found out.
 *
 * @param evidence what was read, and from where
 * @param consequence what follows from it, in one sentence
 * @param remedy the command that mends it, to be run as printed; empty where that of another check does
 */
public record Finding(Status status, String evidence, String consequence, String remedy) {

    public static Finding unhealthy(String evidence, String consequence, String remedy) {
        return new Finding(Status.UNHEALTHY, evidence, consequence, remedy);
    }

    public static Finding degraded(String evidence, String consequence, String remedy) {
        return new Finding(Status.DEGRADED, evidence, consequence, remedy);
    }

    public static Finding unknown(String evidence, String consequence, String remedy) {
        return new Finding(Status.UNKNOWN, evidence, consequence, remedy);
    }

    public String detail() {
        return evidence + ": " + consequence;
    }

    Finding as(Status other) {
        return new Finding(other, evidence, consequence, remedy);
    }
}
