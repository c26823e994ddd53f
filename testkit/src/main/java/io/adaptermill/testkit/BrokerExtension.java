package io.adaptermill.testkit;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/// Resolves [Broker] parameters as [WithBroker] says.
final class BrokerExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Broker.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Broker.class;
    }

    @Override
    public Broker resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        WithBroker.Scope scope = AnnotationSupport.findAnnotation(test, WithBroker.class)
                .map(WithBroker::value)
                .orElse(WithBroker.Scope.SHARED);
        return switch (scope) {
            case SHARED -> Broker.shared();
            case CLASS -> ofClass(test, context);
        };
    }

    /// The root's store outlives the parameter; the class's own store closes it with the class.
    private static Broker ofClass(Class<?> test, ExtensionContext context) {
        ExtensionContext owner = context;
        while (owner.getTestMethod().isPresent()) {
            owner = owner.getParent().orElseThrow();
        }
        return owner.getStore(NAMESPACE).computeIfAbsent(test, _ -> Broker.fresh(), Broker.class);
    }
}
