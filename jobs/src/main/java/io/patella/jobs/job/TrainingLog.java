package io.patella.jobs.job;

import io.patella.engine.training.Epoch;
import io.patella.engine.training.LossTerms;
import io.patella.engine.training.TrainingEvent;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Says how a training goes: a line per step on a terminal (one that overwrites itself), a line now and then elsewhere, one per epoch. */
@SuppressWarnings("SystemConsoleNull") // null away from a terminal holds for Java 17 and 21, the ones supported
final class TrainingLog implements TrainingEvent.Listener {
    private static final long EVERY_NANOS = 20_000_000_000L;

    private final PrintWriter out;
    private final boolean terminal = System.console() != null;
    private long said;

    TrainingLog(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.Started started) {
            line(
                    "%d images to learn from, %d to choose by; %,d parameters; %d epochs of %d steps",
                    started.trainImages(),
                    started.validationImages(),
                    started.parameters(),
                    started.epochs(),
                    started.stepsPerEpoch());
            started.notes().forEach(note -> line("note: %s", note));
            if (started.doneEpochs() > 0 || started.doneSteps() > 0) {
                line("going on behind epoch %d, step %d", started.doneEpochs(), started.doneSteps());
            }
        } else if (event instanceof TrainingEvent.StepDone step) {
            step(step);
        } else if (event instanceof TrainingEvent.EpochDone done) {
            epoch(done.epoch(), done.improved());
        } else if (event instanceof TrainingEvent.Stopped stopped) {
            line("stopped: %s", stopped.detail());
        }
    }

    private void step(TrainingEvent.StepDone step) {
        long now = System.nanoTime();
        boolean last = step.step() == step.stepsPerEpoch();
        if (!terminal && now - said < EVERY_NANOS && !last) {
            return;
        }
        said = now;
        LossTerms losses = step.losses();
        String text = String.format(
                Locale.ROOT,
                "epoch %d/%d step %d/%d loss %.4f (ordinal %.4f, distribution %.4f, binary %.4f) rate %.2e %.1f images/s, %s left",
                step.epoch(),
                step.epochs(),
                step.step(),
                step.stepsPerEpoch(),
                losses.total(),
                losses.ordinal(),
                losses.distribution(),
                losses.binary(),
                step.headRate(),
                step.imagesPerSecond(),
                clock(step.left()));
        if (terminal) {
            out.print("\r" + text + "\u001b[K" + (last ? "\n" : ""));
            out.flush();
        } else {
            line("%s", text);
        }
    }

    private void epoch(Epoch epoch, boolean improved) {
        line(
                "epoch %d: train loss %.4f accuracy %s; validation QWK %.4f accuracy %.4f loss %.4f; average QWK %.4f accuracy %.4f; "
                        + "%.0f s, data wait %.1f %%%s",
                epoch.epoch(),
                epoch.train().total(),
                epoch.trainAccuracy() == null ? "-" : String.format(Locale.ROOT, "%.4f", epoch.trainAccuracy()),
                epoch.raw().qwk(),
                epoch.raw().accuracy(),
                epoch.raw().losses().total(),
                epoch.average().qwk(),
                epoch.average().accuracy(),
                epoch.seconds(),
                100 * epoch.dataWait(),
                improved ? "; best so far" : "");
    }

    private void line(String format, Object... values) {
        out.println("  " + String.format(Locale.ROOT, format, values));
        out.flush();
    }

    private static String clock(Duration left) {
        return left.toHours() > 0
                ? left.toHours() + " h " + left.toMinutesPart() + " min"
                : left.toMinutes() > 0 ? left.toMinutes() + " min" : left.toSeconds() + " s";
    }
}
