package io.patella.statistics.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.math3.optim.MaxIter;
import org.apache.commons.math3.optim.linear.LinearConstraint;
import org.apache.commons.math3.optim.linear.LinearConstraintSet;
import org.apache.commons.math3.optim.linear.LinearObjectiveFunction;
import org.apache.commons.math3.optim.linear.NoFeasibleSolutionException;
import org.apache.commons.math3.optim.linear.NonNegativeConstraint;
import org.apache.commons.math3.optim.linear.Relationship;
import org.apache.commons.math3.optim.linear.SimplexSolver;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;

/**
 * Papers that print precision and recall but no counts: is there any distribution of the grades under which true and
 * predicted shares balance, for all graders of the same pictures at once? With q the share of a grade, recall x q is its
 * right share and recall x q / precision its predicted share; predicted shares sum to one. A linear programme in q.
 */
final class ShareChecks {
    private ShareChecks() {}

    static void commonShares(String name, List<PaperClaims.Result> results, List<Finding> findings) {
        List<LinearConstraint> constraints = new ArrayList<>();
        int classes = 0;
        List<String> names = new ArrayList<>();
        for (PaperClaims.Result result : results) {
            List<Double> precision = result.precision();
            List<Double> recall = result.recall();
            if (precision == null || recall == null || result.support() != null) {
                continue;
            }
            classes = recall.size();
            double[] least = new double[classes];
            double[] most = new double[classes];
            boolean free = false;
            for (int g = 0; g < classes; g++) {
                Printed p = result.printed(precision.get(g));
                Printed r = result.printed(recall.get(g));
                least[g] = Math.max(0, r.lower()) / p.upper();
                most[g] = r.upper() / Math.max(1e-6, p.lower());
                // nothing right and no precision: any number may have been predicted as this grade
                free |= p.lower() <= 0;
            }
            constraints.add(new LinearConstraint(least, Relationship.LEQ, 1));
            if (!free) {
                constraints.add(new LinearConstraint(most, Relationship.GEQ, 1));
            }
            names.add(result.name());
        }
        if (names.isEmpty()) {
            return;
        }
        double[] ones = new double[classes];
        Arrays.fill(ones, 1);
        constraints.add(new LinearConstraint(ones, Relationship.EQ, 1));
        String check = "precisions and recalls against any distribution of the grades";
        try {
            List<String> shares = new ArrayList<>();
            for (int g = 0; g < classes; g++) {
                double[] one = new double[classes];
                one[g] = 1;
                shares.add("KL" + g + " "
                        + new Printed(
                                solve(one, constraints, GoalType.MINIMIZE),
                                solve(one, constraints, GoalType.MAXIMIZE)));
            }
            findings.add(new Finding(
                    name + ": " + String.join(", ", names),
                    check,
                    Verdict.CONSISTENT,
                    "grade shares under which predicted shares (recall x share / precision) sum to one for every grader: "
                            + String.join(", ", shares)));
            for (PaperClaims.Result result : results) {
                impliedAccuracy(result, constraints, findings);
            }
        } catch (NoFeasibleSolutionException e) {
            findings.add(new Finding(
                    name + ": " + String.join(", ", names),
                    check,
                    Verdict.CONTRADICTS,
                    "no grade shares make the predicted shares (recall x share / precision) sum to one for every grader: "
                            + results.stream().map(ShareChecks::sums).collect(Collectors.joining("; "))));
        }
    }

    private static String sums(PaperClaims.Result result) {
        List<Double> precision = result.precision();
        List<Double> recall = result.recall();
        if (precision == null || recall == null) {
            return result.name() + " prints neither";
        }
        List<String> ratios = new ArrayList<>();
        for (int g = 0; g < recall.size(); g++) {
            ratios.add(Printed.number(precision.get(g) == 0 ? 0 : recall.get(g) / precision.get(g)));
        }
        return result.name() + " has recall / precision " + String.join(", ", ratios);
    }

    private static void impliedAccuracy(
            PaperClaims.Result result, List<LinearConstraint> constraints, List<Finding> findings) {
        List<Double> recall = result.recall();
        if (recall == null) {
            return;
        }
        double[] right = recall.stream().mapToDouble(Double::doubleValue).toArray();
        Printed accuracy =
                new Printed(solve(right, constraints, GoalType.MINIMIZE), solve(right, constraints, GoalType.MAXIMIZE));
        Double adjacent = result.adjacentAccuracy();
        Double printed = result.accuracy();
        if (printed != null) {
            findings.add(new Finding(
                    result.name(),
                    "accuracy against recalls under any possible distribution",
                    accuracy.meets(result.printed(printed)) ? Verdict.CONSISTENT : Verdict.CONTRADICTS,
                    "the recalls imply an accuracy of " + accuracy + "; printed: " + Printed.number(printed)));
        }
        if (adjacent != null) {
            findings.add(new Finding(
                    result.name(),
                    "adjacent accuracy against recalls under any possible distribution",
                    accuracy.lower() <= adjacent + 1e-3 ? Verdict.CONSISTENT : Verdict.CONTRADICTS,
                    "the recalls imply an accuracy of " + accuracy + ", which adjacent accuracy "
                            + Printed.number(adjacent) + " includes"));
        }
    }

    private static double solve(double[] objective, List<LinearConstraint> constraints, GoalType goal) {
        return new SimplexSolver()
                .optimize(
                        new MaxIter(10_000),
                        new LinearObjectiveFunction(objective, 0),
                        new LinearConstraintSet(constraints),
                        goal,
                        new NonNegativeConstraint(true))
                .getValue();
    }
}
