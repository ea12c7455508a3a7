package io.patella.grading;

import io.patella.engine.Device;
import io.patella.engine.OpenedBundle;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The bundles opened in this JVM: one per (bundle, device, mode), shared by all tasks. A bundle stays open when its last task ends, for
 * the next stage; it is closed when another one is opened while nobody uses it.
 */
final class OpenedBundles {
    private record Key(String model, Device device, String mode) {}

    private static final class Entry {
        private final OpenedBundle bundle;
        private int users;

        private Entry(OpenedBundle bundle) {
            this.bundle = bundle;
        }
    }

    private static final Map<Key, Entry> OPEN = new HashMap<>();

    private OpenedBundles() {}

    /** The plan's bundle, opened; in use until the task ends. */
    static synchronized OpenedBundle of(GradingPlan plan) {
        Key key = new Key(plan.model(), plan.device(), plan.mode().word());
        Entry entry = OPEN.get(key);
        if (entry == null) {
            OPEN.values().removeIf(idle -> {
                if (idle.users == 0) {
                    idle.bundle.close();
                    return true;
                }
                return false;
            });
            // one thread per task: Spark runs as many tasks as there are cores
            entry = new Entry(OpenedBundle.open(plan.local(), key.device(), plan.mode(), 1));
            OPEN.put(key, entry);
        }
        Entry used = entry;
        TaskContext task = TaskContext.get();
        if (task != null) {
            used.users++;
            task.addTaskCompletionListener((TaskCompletionListener) ended -> release(used));
        }
        return used.bundle;
    }

    private static synchronized void release(Entry entry) {
        entry.users--;
    }
}
