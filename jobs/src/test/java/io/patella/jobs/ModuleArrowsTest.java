package io.patella.jobs;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Arrows between modules point one way. A new arrow needs a page in docs/decisions. */
class ModuleArrowsTest {
    /** Every arrow there may be, one line a module; all may use cohort. */
    private static final Map<String, List<String>> ARROWS = Map.of(
            "cohort", List.of(),
            "imaging", List.of(),
            "statistics", List.of(),
            "network", List.of(),
            "engine", List.of("network", "imaging", "statistics"),
            "tables", List.of(),
            "grading", List.of("tables", "engine", "network", "imaging", "statistics"),
            "evaluating", List.of("tables", "statistics"),
            "report", List.of("statistics"),
            "jobs", List.of("imaging", "statistics", "network", "engine", "tables", "grading", "evaluating", "report"));

    private static final List<String> PURE = List.of("cohort", "imaging", "statistics", "network", "report");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.patella");

    @Test
    void modulesUseOnlyWhatTheirArrowsAllow() {
        ARROWS.keySet().forEach(module -> arrowsOf(module).check(CLASSES));
    }

    @Test
    void pureModulesKnowNeitherSparkNorDjl() {
        PURE.forEach(module -> pure("io.patella." + module + "..").check(CLASSES));
    }

    @Test
    void fileCommandsImportNoSpark() {
        sparkless("io.patella.jobs.files..").check(CLASSES);
    }

    @Test
    void tablesAndEngineDoNotKnowTheOthersWorld() {
        sparkless("io.patella.engine..").check(CLASSES);
        noClasses()
                .that(resideInAPackage("io.patella.tables.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("ai.djl.."))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void noCodeChoosesItsMaster() {
        noClasses()
                .should()
                .callMethod("org.apache.spark.sql.SparkSession$Builder", "master", "java.lang.String")
                .check(CLASSES);
    }

    @Test
    void everyModuleIsUnderTheRules() {
        Set<String> modules = new TreeSet<>();
        for (JavaClass each : CLASSES) {
            modules.add(each.getPackageName().replaceFirst("^io\\.patella\\.([a-z]+).*", "$1"));
        }
        assertThat(ARROWS.keySet()).containsAll(modules);
        assertThat(modules).contains("cohort", "jobs");
    }

    /** {@link io.patella.cohort.planted.Violation} lies in the test classes and uses what its module must not. */
    @Test
    void aPlantedViolationIsFound() {
        JavaClasses planted = new ClassFileImporter().importPackages("io.patella.cohort.planted");
        assertThat(planted).isNotEmpty();
        assertThatThrownBy(() -> arrowsOf("cohort").check(planted))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("io.patella.cohort.planted.Violation");
        assertThatThrownBy(() -> pure("io.patella.cohort..").check(planted))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("org.apache.spark");
    }

    private static ArchRule arrowsOf(String module) {
        DescribedPredicate<JavaClass> allowed =
                resideInAnyPackage("io.patella.cohort..", "io.patella." + module + "..");
        for (String target : ARROWS.getOrDefault(module, List.of())) {
            allowed = allowed.or(resideInAPackage("io.patella." + target + ".."));
        }
        return noClasses()
                .that(resideInAPackage("io.patella." + module + ".."))
                .should()
                .dependOnClassesThat(resideInAPackage("io.patella..").and(DescribedPredicate.not(allowed)))
                .allowEmptyShould(true);
    }

    private static ArchRule pure(String packages) {
        return noClasses()
                .that(resideInAPackage(packages))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.spark..", "org.apache.iceberg..", "ai.djl.."))
                .allowEmptyShould(true);
    }

    private static ArchRule sparkless(String packages) {
        return noClasses()
                .that(resideInAPackage(packages))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.spark..", "org.apache.iceberg.."))
                .allowEmptyShould(true);
    }
}
