package io.adaptermill.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Gives a test class's methods and constructor a [Broker] as parameter.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(BrokerExtension.class)
public @interface WithBroker {
    /// Whose broker it is.
    Scope value() default Scope.SHARED;

    /// Whose broker a test class gets.
    enum Scope {
        /// This JVM's one: use tenants of your own, and count only what is theirs.
        SHARED,
        /// Empty at the class's start and gone at its end.
        CLASS
    }
}
