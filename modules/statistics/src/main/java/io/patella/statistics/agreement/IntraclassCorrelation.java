package io.patella.statistics.agreement;

import io.patella.statistics.Figure;

/**
 * Intraclass correlations of single readings (Shrout and Fleiss 1979) from a complete table.
 *
 * @param icc11 ICC(1,1): each image read by other readers, one-way random
 * @param icc21 ICC(2,1): two-way random, absolute agreement
 * @param icc31 ICC(3,1): two-way mixed, consistency
 */
public record IntraclassCorrelation(Figure icc11, Figure icc21, Figure icc31) {
    /** Undefined throughout, for one reason. */
    static IntraclassCorrelation undefined(String reason) {
        Figure none = Figure.undefined(reason);
        return new IntraclassCorrelation(none, none, none);
    }

    /** From complete readings {@code [images][readers]}, at least two of each. */
    static IntraclassCorrelation of(int[][] grades) {
        int n = grades.length;
        if (n < 2) {
            return undefined("fewer than two images");
        }
        int k = grades[0].length;
        // sums of squares in whole numbers, times n k, so that "no variance" is exact
        long[] column = new long[k];
        long total = 0;
        long squares = 0;
        long rowSquares = 0;
        for (int[] row : grades) {
            long sum = 0;
            for (int r = 0; r < k; r++) {
                sum += row[r];
                column[r] += row[r];
                squares += (long) row[r] * row[r];
            }
            rowSquares += sum * sum;
            total += sum;
        }
        long columnSquares = 0;
        for (long sum : column) {
            columnSquares += sum * sum;
        }
        long cells = (long) n * k;
        double all = cells * squares - total * total;
        double betweenRows = n * rowSquares - total * total;
        double betweenColumns = k * columnSquares - total * total;
        if (all == 0) {
            return undefined("every reading is the same grade");
        }
        double rows = betweenRows / cells / (n - 1);
        double columns = betweenColumns / cells / (k - 1);
        double error = (all - betweenRows - betweenColumns) / cells / ((n - 1.0) * (k - 1));
        double within = (all - betweenRows) / cells / (n * (k - 1.0));
        String reason = "the variance in the denominator is 0";
        return new IntraclassCorrelation(
                Figure.finiteOr((rows - within) / (rows + (k - 1) * within), reason),
                Figure.finiteOr((rows - error) / (rows + (k - 1) * error + k * (columns - error) / n), reason),
                Figure.finiteOr((rows - error) / (rows + (k - 1) * error), reason));
    }
}
