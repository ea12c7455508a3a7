package io.patella.statistics.agreement;

import static io.patella.statistics.Golden.assertFigure;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.patella.statistics.Golden;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** scikit-learn's, statsmodels', krippendorff's and pingouin's answers, to 1e-12. */
class AgreementGoldenTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "two_readers_12",
                "two_readers_400",
                "two_readers_perfect",
                "two_readers_shifted",
                "two_readers_one_constant",
                "two_readers_both_constant",
                "three_readers_120",
                "eight_readers_60",
                "readers_with_gaps"
            })
    void everyCoefficientIsTheReferenceAnswer(String name) {
        Golden golden = Golden.read("agreement/" + name);
        JsonNode expected = golden.answers();
        Agreement agreement = Agreement.of(matrix(golden));

        assertFigure("alpha ordinal", agreement.krippendorffAlphaOrdinal(), expected.get("krippendorff_alpha_ordinal"));
        assertFigure("alpha nominal", agreement.krippendorffAlphaNominal(), expected.get("krippendorff_alpha_nominal"));
        assertFigure(
                "alpha interval", agreement.krippendorffAlphaInterval(), expected.get("krippendorff_alpha_interval"));
        if (expected.has("fleiss_kappa")) {
            assertFigure("fleiss", agreement.fleissKappa(), expected.get("fleiss_kappa"));
            IntraclassCorrelation icc = agreement.intraclassCorrelation();
            assertFigure("icc11", icc.icc11(), expected.get("ICC(1,1)").get("value"));
            assertFigure("icc21", icc.icc21(), expected.get("ICC(2,1)").get("value"));
            assertFigure("icc31", icc.icc31(), expected.get("ICC(3,1)").get("value"));
        } else {
            assertThat(agreement.fleissKappa().reason()).contains("not every reader");
            assertThat(agreement.notes()).anyMatch(note -> note.startsWith("icc2_1, icc3_1: not every reader"));
        }
        if (expected.has("kappa_quadratic")) {
            ReaderPair pair = agreement.pairs().get(0);
            assertFigure("agreement", pair.percentAgreement(), expected.get("percent_agreement"));
            assertFigure("adjacent", pair.adjacentAgreement(), expected.get("adjacent_agreement"));
            assertFigure("kappa", pair.kappa(), expected.get("kappa_unweighted"));
            assertFigure("kappa linear", pair.kappaLinear(), expected.get("kappa_linear"));
            assertFigure("kappa quadratic", pair.kappaQuadratic(), expected.get("kappa_quadratic"));
            if (expected.has("standard_error_unweighted")) {
                assertFigure("se", pair.kappaError(), expected.get("standard_error_unweighted"));
                assertFigure("se quadratic", pair.kappaQuadraticError(), expected.get("standard_error_quadratic"));
            }
        }
        if (expected.has("pairwise_quadratic_kappa")) {
            List<String> readers = agreement.readers();
            for (ReaderPair pair : agreement.pairs()) {
                JsonNode row = expected.get("pairwise_quadratic_kappa").get(readers.indexOf(pair.first()));
                assertFigure(
                        pair.first() + pair.second(), pair.kappaQuadratic(), row.get(readers.indexOf(pair.second())));
            }
        }
    }

    private static ReadingMatrix matrix(Golden golden) {
        List<String> readers = new ArrayList<>(golden.rows().get(0).getParser().getHeaderNames());
        readers.remove("image_id");
        int[][] grades = new int[golden.rows().size()][readers.size()];
        for (int i = 0; i < grades.length; i++) {
            CSVRecord row = golden.rows().get(i);
            for (int r = 0; r < readers.size(); r++) {
                String text = row.get(readers.get(r));
                grades[i][r] = text.isEmpty() ? ReadingMatrix.NOT_READ : Integer.parseInt(text);
            }
        }
        return new ReadingMatrix(readers, golden.texts("image_id"), grades);
    }
}
