package io.adaptermill.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.adaptermill.testkit.AdaptermillArchRules;

@AnalyzeClasses(packages = "io.adaptermill.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchTests SHARED = ArchTests.in(AdaptermillArchRules.class);

    @ArchTest
    static final ArchRule WHAT_IS_READ_FROM_THE_LOG_IS_DECIDED_WITHOUT_IT = noClasses()
            .that()
            .resideInAnyPackage("..promises..", "..importer..", "..lineage..", "..openlineage..", "..erasure..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "io.adaptermill.kafka..", "java.net..", "picocli..")
            .because("what the log says must be the same for everybody who reads it");
}
