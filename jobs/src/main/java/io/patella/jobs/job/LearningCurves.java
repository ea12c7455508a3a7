package io.patella.jobs.job;

import io.patella.engine.training.Epoch;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;

/**
 * Learning curves as a picture (paper, Figure 2): loss, accuracy and QWK of the train and validation parts, of the raw weights and of
 * their moving average; a dotted line at the epoch whose weights were kept.
 */
final class LearningCurves {
    private static final int WIDTH = 1650;
    private static final int HEIGHT = 420;
    private static final int TOP = 50;
    private static final int BOTTOM = 50;
    private static final Color TRAIN = new Color(0x7f7f7f);
    private static final Color VALIDATION = new Color(0x1f77b4);
    private static final Color AVERAGE = new Color(0xd62728);
    private static final float[] DOTTED = {2, 3};

    private final Graphics2D canvas;
    private final List<Epoch> history;
    private final int best;

    private LearningCurves(Graphics2D canvas, List<Epoch> history, int best) {
        this.canvas = canvas;
        this.history = history;
        this.best = best;
    }

    private record Line(String name, Color color, ToDoubleFunction<Epoch> value) {}

    /**
     * Writes the picture.
     *
     * @param history at least one epoch
     * @param best the epoch whose weights were kept
     */
    static void write(Path png, String model, List<Epoch> history, int best) {
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = picture.createGraphics();
        try {
            canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            canvas.setColor(Color.WHITE);
            canvas.fillRect(0, 0, WIDTH, HEIGHT);
            canvas.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
            canvas.setColor(Color.BLACK);
            canvas.drawString(model + ", weights of epoch " + best, 60, 22);
            LearningCurves curves = new LearningCurves(canvas, history, best);
            curves.panel(
                    60,
                    "loss",
                    List.of(
                            new Line("train", TRAIN, epoch -> epoch.train().total()),
                            new Line(
                                    "validation",
                                    VALIDATION,
                                    epoch -> epoch.raw().losses().total()),
                            new Line(
                                    "validation, average",
                                    AVERAGE,
                                    epoch -> epoch.average().losses().total())));
            curves.panel(
                    610,
                    "accuracy",
                    List.of(
                            new Line("train", TRAIN, LearningCurves::trainAccuracy),
                            new Line(
                                    "validation",
                                    VALIDATION,
                                    epoch -> epoch.raw().accuracy()),
                            new Line(
                                    "validation, average",
                                    AVERAGE,
                                    epoch -> epoch.average().accuracy())));
            curves.panel(
                    1160,
                    "QWK",
                    List.of(
                            new Line(
                                    "validation",
                                    VALIDATION,
                                    epoch -> epoch.raw().qwk()),
                            new Line(
                                    "validation, average",
                                    AVERAGE,
                                    epoch -> epoch.average().qwk())));
        } finally {
            canvas.dispose();
        }
        try {
            if (!ImageIO.write(picture, "png", png.toFile())) {
                throw new IOException("no writer of PNG");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + png + ": " + e.getMessage(), e);
        }
    }

    /** NaN, which is not drawn, for epochs that did not count it. */
    private static double trainAccuracy(Epoch epoch) {
        return epoch.trainAccuracy() == null ? Double.NaN : epoch.trainAccuracy();
    }

    private void panel(int left, String title, List<Line> lines) {
        int right = left + 450;
        int bottom = HEIGHT - BOTTOM;
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (Line line : lines) {
            for (Epoch epoch : history) {
                double value = line.value().applyAsDouble(epoch);
                least = Double.isNaN(value) ? least : Math.min(least, value);
                greatest = Double.isNaN(value) ? greatest : Math.max(greatest, value);
            }
        }
        double margin = Math.max(0.02 * (greatest - least), 1e-3);
        least -= margin;
        greatest += margin;
        canvas.setStroke(new BasicStroke(1));
        for (int tick = 0; tick <= 4; tick++) {
            double y = bottom - (bottom - TOP) * tick / 4.0;
            canvas.setColor(new Color(0xe0e0e0));
            canvas.drawLine(left, (int) y, right, (int) y);
            canvas.setColor(Color.BLACK);
            canvas.drawString(
                    String.format(Locale.ROOT, "%.2f", least + (greatest - least) * tick / 4), left - 42, (int) y + 5);
        }
        canvas.drawString(title, left, TOP - 8);
        canvas.drawString("epoch 1", left, bottom + 18);
        canvas.drawString(Integer.toString(history.size()), right - 15, bottom + 18);
        canvas.setColor(Color.GRAY);
        canvas.setStroke(new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, DOTTED, 0));
        int kept = (int) x(best, left, right);
        canvas.drawLine(kept, TOP, kept, bottom);
        int legend = left;
        for (Line line : lines) {
            canvas.setColor(line.color());
            canvas.setStroke(new BasicStroke(2));
            Path2D path = new Path2D.Double();
            for (Epoch epoch : history) {
                if (Double.isNaN(line.value().applyAsDouble(epoch))) {
                    continue;
                }
                double x = x(epoch.epoch(), left, right);
                double y = bottom - (bottom - TOP) * (line.value().applyAsDouble(epoch) - least) / (greatest - least);
                if (path.getCurrentPoint() == null) {
                    path.moveTo(x, y);
                } else {
                    path.lineTo(x, y);
                }
                canvas.fillRect((int) x - 2, (int) y - 2, 4, 4);
            }
            canvas.draw(path);
            canvas.drawLine(legend, HEIGHT - 14, legend + 18, HEIGHT - 14);
            canvas.drawString(line.name(), legend + 22, HEIGHT - 10);
            legend += 34 + canvas.getFontMetrics().stringWidth(line.name());
        }
    }

    private double x(int epoch, int left, int right) {
        return history.size() < 2 ? left : left + (right - left) * (epoch - 1.0) / (history.size() - 1);
    }
}
