package io.patella.jobs.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.cohort.InputException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConfTest {
    record Inner(int size, double rate) {
        Inner {
            if (size < 1) {
                throw new InputException("size", "must be positive", size, "give 1 or more");
            }
        }
    }

    record Outer(String name, Inner network, List<Inner> more) {}

    private static final String WHOLE = "name: small\nnetwork: {size: 3, rate: 0.5}\nmore: [{size: 1, rate: 1}]\n";

    @Test
    void yamlBecomesARecord() {
        assertThat(parse(WHOLE)).isEqualTo(new Outer("small", new Inner(3, 0.5), List.of(new Inner(1, 1))));
    }

    record Sparse(String name, @Nullable Integer size) {}

    @Test
    void onlyComponentsMarkedNullableMayStayAway() {
        assertThat(Conf.parse("name: x", "test.yaml", Sparse.class, List.of())).isEqualTo(new Sparse("x", null));
        assertThatThrownBy(() -> Conf.parse("size: 1", "test.yaml", Sparse.class, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("name");
    }

    @Test
    void setOverridesSingleValuesAlsoNestedOnes() {
        assertThat(parse(WHOLE, "network.size=7", "name=big"))
                .isEqualTo(new Outer("big", new Inner(7, 0.5), List.of(new Inner(1, 1))));
    }

    @Test
    void allUnknownKeysAreNamedAtOnceWithTheNearestKnownOne() {
        assertThatThrownBy(() -> parse("nam: x\nnetwork: {sise: 3, rate: 0.5}\nmore: [{size: 1, rat: 1}]\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("test.yaml: unknown key: nam (did you mean name?)")
                .hasMessageContaining("unknown key: network.sise (did you mean network.size?)")
                .hasMessageContaining("unknown key: more.rat (did you mean more.rate?)");
    }

    @Test
    void aKeyThatStandsThereTwiceIsNamedWithItsLinesBesideAllElseThatIsWrong() {
        String yaml =
                "name: x\nnetwork:\n  size: 3\n  rate: 0.5\n  size: 4\nnam: y\nmore: [{size: 1, rate: 1, size: 2}]\nname: z\n";
        assertThatThrownBy(() -> parse(yaml, "network={size: 1, rate: 1, rate: 2}"))
                .isInstanceOf(InputException.class)
                .hasMessage("""
                        test.yaml:5: key stands there twice: network.size (first in line 3; drop one of the two)
                        test.yaml:7: key stands there twice: more.0.size (first in line 7; drop one of the two)
                        test.yaml:8: key stands there twice: name (first in line 1; drop one of the two)
                        --set network={size: 1, rate: 1, rate: 2}:1: key stands there twice: rate (first in line 1; drop one of the two)
                        test.yaml: unknown key: nam (did you mean name?)""");
        assertThat(parse(WHOLE, "more=[{size: 1, rate: 1}, {size: 1, rate: 1}]").more())
                .as("the same key in two mappings")
                .hasSize(2);
    }

    @Test
    void allKeysThatAreMissingAreNamedAtOnce() {
        assertThatThrownBy(() -> parse("name:\nnetwork: {rate: 1}\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("test.yaml: key without a value: name (write name: VALUE)")
                .hasMessageContaining("test.yaml: key without a value: network.size (write size: VALUE)")
                .hasMessageContaining("test.yaml: key without a value: more (write more: VALUE)");
    }

    @Test
    void aValueThatDoesNotFitIsNamedByItsKey() {
        assertThatThrownBy(() -> parse(WHOLE, "network.rate=fast"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("network.rate");
    }

    @Test
    void theRecordsOwnRangesSpeak() {
        assertThatThrownBy(() -> parse(WHOLE, "network.size=0"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("test.yaml: size: must be positive: 0");
    }

    @Test
    void missingFileAndBrokenYamlAreInputErrors() {
        assertThatThrownBy(() -> Conf.read(Path.of("absent.yaml"), Outer.class, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--conf: no such file: absent.yaml");
        assertThatThrownBy(() -> Conf.read("train", Path.of("absent.yaml"), Outer.class, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("train: no such file: absent.yaml");
        assertThatThrownBy(() -> parse("name: [unclosed"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not readable as YAML");
        assertThatThrownBy(() -> parse("- a\n- b\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not a mapping");
    }

    private static Outer parse(String yaml, String... overrides) {
        return Conf.parse(yaml, "test.yaml", Outer.class, List.of(overrides));
    }
}
