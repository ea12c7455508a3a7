package io.patella.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.report.facts.Curve;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiscriminationSectionTest {
    @Test
    void areaUnderTheDrawnPrecisionIsTheAveragePrecision() {
        // recall 0.5 at precision 1, recall 1 at precision 2/3: average precision 0.5 * 1 + 0.5 * 2/3
        List<Curve.Point> steps =
                DiscriminationSection.steps(List.of(new Curve.Point(0.5, 1), new Curve.Point(1, 2.0 / 3)));
        double area = 0;
        for (int i = 1; i < steps.size(); i++) {
            area += (steps.get(i).x() - steps.get(i - 1).x())
                    * (steps.get(i).y() + steps.get(i - 1).y())
                    / 2;
        }
        assertThat(area).isEqualTo(0.5 + 0.5 * 2 / 3);
    }
}
