package dev.rediswarden.lab;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Labs need root. A developer without it skips them; where CI is set, or lab.required, that is a failure. */
final class RootRequired implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if ("root".equals(System.getProperty("user.name"))) {
            context.getRoot()
                    .getStore(Namespace.create(RootRequired.class))
                    .computeIfAbsent("swept", key -> sweep(), Boolean.class);
            return ConditionEvaluationResult.enabled("root");
        }
        if (System.getenv("CI") != null || Boolean.getBoolean("lab.required")) {
            throw new IllegalStateException("lab tests need root");
        }
        return ConditionEvaluationResult.disabled("lab tests need root: sudo scripts/test");
    }

    private static boolean sweep() {
        Lab.sweep();
        return true;
    }
}
