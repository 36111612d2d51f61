package dev.rediswarden.snapshot;

/** Text from outside (a server's reply, a unit's name) made safe to show in a log line, a terminal or JSON. */
public final class Untrusted {

    private static final int MAX_LENGTH = 400;

    private Untrusted() {}

    /** One printable line of at most 400 characters: control and formatting characters become spaces. */
    public static String line(String text) {
        return isPlain(text) ? text : cleaned(text);
    }

    /** Nearly all of it is: a field's name, a number, a path. */
    private static boolean isPlain(String text) {
        int length = text.length();
        if (length > MAX_LENGTH || (length > 0 && (text.charAt(0) == ' ' || text.charAt(length - 1) == ' '))) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static String cleaned(String text) {
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
