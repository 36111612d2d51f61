package dev.rediswarden.snapshot;

/** Text from outside (a server's reply, a unit's name) made safe to show in a log line, a terminal or JSON. */
public final class Untrusted {

    private static final int MAX_LENGTH = 400;

    private Untrusted() {}

    /** One printable line of at most 400 characters: control and formatting characters become spaces. */
    public static String line(String text) {
        int length = Math.min(text.length(), MAX_LENGTH);
        StringBuilder out = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            out.append(isPrintable(c) ? c : ' ');
        }
        if (text.length() > MAX_LENGTH) {
            out.append('…');
        }
        return out.toString().strip();
    }

    private static boolean isPrintable(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
