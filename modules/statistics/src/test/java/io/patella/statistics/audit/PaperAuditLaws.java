package io.patella.statistics.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PaperAuditLaws {
    @Property(tries = 300)
    void figuresOfAnyRealConfusionMatrixNeverContradictEachOther(@ForAll("matrices") List<List<Integer>> matrix) {
        List<Finding> findings = PaperAudit.of(claims(printed(matrix, 0)));
        assertThat(findings).isNotEmpty().extracting(Finding::verdict).doesNotContain(Verdict.CONTRADICTS);
    }

    @Property(tries = 300)
    void aRecallMovedByTenPointsIsFound(@ForAll("large") List<List<Integer>> matrix) {
        List<Finding> findings = PaperAudit.of(claims(printed(matrix, 0.1)));
        assertThat(findings).extracting(Finding::verdict).contains(Verdict.CONTRADICTS);
    }

    private static PaperClaims claims(PaperClaims.Result result) {
        return new PaperClaims("any", null, null, List.of(result), null, null, null);
    }

    /** What a paper would print of this matrix, three digits; the first recall is {@code moved}, towards the middle. */
    private static PaperClaims.Result printed(List<List<Integer>> matrix, double moved) {
        int[] rows = new int[5];
        int[] columns = new int[5];
        int n = 0;
        int right = 0;
        int distance = 0;
        int adjacent = 0;
        double squares = 0;
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
                int count = matrix.get(i).get(j);
                rows[i] += count;
                columns[j] += count;
                n += count;
                right += i == j ? count : 0;
                distance += count * Math.abs(i - j);
                adjacent += Math.abs(i - j) == 1 ? count : 0;
                squares += count * (double) (i - j) * (i - j);
            }
        }
        double chance = 0;
        List<Integer> support = new ArrayList<>();
        List<Double> precision = new ArrayList<>();
        List<Double> recall = new ArrayList<>();
        List<Double> f1 = new ArrayList<>();
        double macro = 0;
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
                chance += rows[i] * (double) columns[j] / n * (i - j) * (i - j);
            }
            int own = matrix.get(i).get(i);
            support.add(rows[i]);
            precision.add(round(columns[i] == 0 ? 0 : own / (double) columns[i]));
            double share = rows[i] == 0 ? 0 : own / (double) rows[i];
            recall.add(round(i != 0 ? share : share < 0.5 ? share + moved : share - moved));
            double f = rows[i] + columns[i] == 0 ? 0 : 2.0 * own / (rows[i] + columns[i]);
            f1.add(round(f));
            macro += f / 5;
        }
        Double adjacentShare = n == right ? null : Math.round(100.0 * adjacent / (n - right)) / 100.0;
        return new PaperClaims.Result(
                "any",
                n,
                null,
                null,
                3,
                null,
                support,
                precision,
                recall,
                f1,
                round(right / (double) n),
                round(macro),
                chance == 0 ? null : round(1 - squares / chance),
                round(distance / (double) n),
                round((right + adjacent) / (double) n),
                adjacentShare,
                2,
                null);
    }

    private static double round(double value) {
        return Math.round(1000 * value) / 1000.0;
    }

    @Provide
    Arbitrary<List<List<Integer>>> matrices() {
        return Combinators.combine(Arbitraries.randoms(), Arbitraries.of(2, 10, 60, 300))
                .as(PaperAuditLaws::matrix);
    }

    @Provide
    Arbitrary<List<List<Integer>>> large() {
        return Arbitraries.randoms().map(random -> matrix(random, 400));
    }

    private static List<List<Integer>> matrix(Random random, int most) {
        List<List<Integer>> matrix = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            List<Integer> row = new ArrayList<>();
            for (int j = 0; j < 5; j++) {
                row.add(i == j ? 1 + random.nextInt(most) : random.nextInt(1 + most / (1 + Math.abs(i - j))));
            }
            matrix.add(row);
        }
        return matrix;
    }
}
