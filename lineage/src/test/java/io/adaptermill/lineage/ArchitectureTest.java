package io.adaptermill.lineage;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.adaptermill.testkit.AdaptermillArchRules;

@AnalyzeClasses(packages = "io.adaptermill.lineage", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchTests SHARED = ArchTests.in(AdaptermillArchRules.class);
}
