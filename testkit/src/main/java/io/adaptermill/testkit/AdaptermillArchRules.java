package io.adaptermill.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;

/// What holds for the code of every module; each module's `ArchitectureTest` runs these on its own classes.
public final class AdaptermillArchRules {
    @ArchTest
    public static final ArchRule DIRECTIONS = classes()
            .should(onlyUseModulesBelow())
            .because("services talk through topics, and modules lean one way (docs/ARCHITECTURE.md, Modules):"
                    + " publish an event, or move the type to schemas or kafka")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule PURE_PACKAGES_KNOW_NO_FRAMEWORK = noClasses()
            .that(arePure())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.quarkus..",
                    "jakarta..",
                    "io.smallrye..",
                    "org.eclipse.microprofile..",
                    "io.micrometer..",
                    "org.apache.kafka..",
                    "org.slf4j..",
                    "ai.djl..",
                    "java.nio.channels..",
                    "java.net..")
            .because("decisions are tested without a container: pass values in and return a sealed result;"
                    + " the service's root package, http, store, runtime and engine do the rest")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule PURE_PACKAGES_ASK_NO_CLOCK = noClasses()
            .that(arePure())
            .should()
            .callMethodWhere(asksTheClock())
            .because("a replay must decide the same: take the time as an argument")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule PURE_PACKAGES_THROW_NO_DICE = noClasses()
            .that(arePure())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.random..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(
                    java.util.Random.class,
                    java.util.concurrent.ThreadLocalRandom.class,
                    java.security.SecureRandom.class)
            .because("a replay must decide the same: take a seed as an argument, and hash it")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule PURE_PACKAGES_START_NO_THREADS = noClasses()
            .that(arePure())
            .should()
            .dependOnClassesThat()
            .areAssignableTo(java.util.concurrent.Executor.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .because("decisions run on their caller's thread; threads belong to the shell")
            .allowEmptyShould(true);

    private AdaptermillArchRules() {}

    private static DescribedPredicate<JavaClass> arePure() {
        return DescribedPredicate.describe("are in a pure package", type -> Modules.isPure(type.getPackageName()));
    }

    private static DescribedPredicate<JavaMethodCall> asksTheClock() {
        Set<String> now = Set.of("now", "currentTimeMillis", "nanoTime", "systemUTC", "systemDefaultZone");
        return DescribedPredicate.describe(
                "asks the clock",
                call -> now.contains(call.getName())
                        && call.getTargetOwner().getPackageName().startsWith("java."));
    }

    private static ArchCondition<JavaClass> onlyUseModulesBelow() {
        return new ArchCondition<>("only use their own module and those below it") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String module = Modules.of(type.getPackageName());
                Set<String> allowed = Modules.MAY_USE.get(module);
                if (allowed == null) return;
                type.getDirectDependenciesFromSelf().stream()
                        .filter(use -> {
                            String other = Modules.of(use.getTargetClass().getPackageName());
                            return !other.isEmpty() && !other.equals(module) && !allowed.contains(other);
                        })
                        .forEach(use -> events.add(SimpleConditionEvent.violated(type, use.getDescription())));
            }
        };
    }
}
