package io.patella.statistics.agreement;

import io.patella.statistics.Figure;

/**
 * Agreement of two readers on the images that both read.
 *
 * @param first one reader (or grader)
 * @param second the other
 * @param images images that both read
 * @param percentAgreement share of equal grades, 0..1
 * @param adjacentAgreement share of grades at most one apart, 0..1
 * @param kappa Cohen's kappa, unweighted
 * @param kappaLinear with linear weights
 * @param kappaQuadratic with quadratic weights
 * @param kappaError standard error of {@code kappa} (Fleiss, Cohen, Everitt 1969)
 * @param kappaLinearError likewise
 * @param kappaQuadraticError likewise
 */
public record ReaderPair(
        String first,
        String second,
        int images,
        Figure percentAgreement,
        Figure adjacentAgreement,
        Figure kappa,
        Figure kappaLinear,
        Figure kappaQuadratic,
        Figure kappaError,
        Figure kappaLinearError,
        Figure kappaQuadraticError) {}
