package io.patella.engine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import com.sun.jna.Function;
import io.patella.cohort.InputException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** The one libtorch of this process: how it starts, what each calling thread needs, and the calls that DJL keeps to itself. */
final class NativeEngine {
    /** libtorch's graph passes recurse over the whole inlined program; Java's 1 MB overflows at about 3000 operations. */
    private static final long BIG_STACK = 64L << 20;

    private static final ThreadLocal<Integer> THREADS = ThreadLocal.withInitial(() -> 0);

    private static @Nullable NativeEngine instance;

    private final MethodHandle run;
    private final MethodHandle wrap;

    private NativeEngine() throws ReflectiveOperationException {
        // moduleRunMethod(module, name, inputs, isTrain, separateStream): DJL's public IValueUtils.runMethod fixes
        // isTrain to
        // false, which means InferenceMode and therefore no gradients.
        Class<?> library = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
        Field field = library.getDeclaredField("LIB");
        field.setAccessible(true);
        Method method = library.getDeclaredMethod(
                "moduleRunMethod", long.class, String.class, long[].class, boolean.class, boolean.class);
        method.setAccessible(true);
        Constructor<?> constructor = Class.forName("ai.djl.pytorch.jni.IValue").getDeclaredConstructor(long.class);
        constructor.setAccessible(true);
        run = MethodHandles.lookup().unreflect(method).bindTo(field.get(null));
        wrap = MethodHandles.lookup().unreflectConstructor(constructor);
    }

    /** Starts the engine once: offline, without telemetry, from the natives on the class path. */
    static synchronized NativeEngine start() {
        if (instance == null) {
            defaultProperty("ai.djl.offline", "true");
            defaultProperty("OPT_OUT_TRACKING", "true");
            if (System.getenv("DJL_CACHE_DIR") == null) {
                defaultProperty("DJL_CACHE_DIR", cacheFolder().toString());
            }
            if (System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
                keepMemory();
            }
            try {
                Engine.getEngine("PyTorch");
                instance = new NativeEngine();
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                throw new ProgramException(
                        "the PyTorch engine does not start: " + e.getMessage()
                                + " (natives come from the class path and are unpacked to "
                                + System.getProperty("DJL_CACHE_DIR", "DJL_CACHE_DIR")
                                + ", which must be writable; run: patella doctor)",
                        e);
            }
        }
        return instance;
    }

    /**
     * glibc hands every big tensor back to the kernel and page faults then dominate small networks (half of MobileNetV2's time);
     * and OpenMP's threads spin at barriers, which is ruinous on shared machines. Both must be said before libtorch is loaded.
     */
    private static void keepMemory() {
        Function mallopt = Function.getFunction("c", "mallopt");
        int[][] options = {{-8, 1}, {-4, 0}, {-1, Integer.MAX_VALUE}, {-2, 64 << 20}
        }; // ARENA_MAX, MMAP_MAX, TRIM_THRESHOLD, TOP_PAD
        for (int[] option : options) {
            mallopt.invokeInt(new Object[] {option[0], option[1]});
        }
        Function.getFunction("c", "setenv").invokeInt(new Object[] {"OMP_WAIT_POLICY", "PASSIVE", 0});
    }

    private static void defaultProperty(String key, String value) {
        if (System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }

    private static Path cacheFolder() {
        Path home = Path.of(System.getProperty("user.home"), ".cache", "patella");
        try {
            Files.createDirectories(home);
            if (Files.isWritable(home)) {
                return home;
            }
        } catch (java.io.IOException | SecurityException e) {
            // a read-only home, as on some executors
        }
        return Path.of(System.getProperty("java.io.tmpdir"), "patella-" + System.getProperty("user.name"));
    }

    /** DJL's device of the same name. @throws InputException when this machine has no such card */
    ai.djl.Device device(Device device) {
        if (!device.isCuda()) {
            return ai.djl.Device.cpu();
        }
        int cards = Engine.getEngine("PyTorch").getGpuCount();
        if (device.card() >= cards) {
            throw new InputException(
                    "device",
                    "no such card",
                    device.word(),
                    "this machine offers " + cards + " to the engine; use cpu, or name a CUDA build of libtorch in"
                            + " PYTORCH_LIBRARY_PATH with PYTORCH_FLAVOR=cu128");
        }
        return ai.djl.Device.gpu(device.card());
    }

    /** What libtorch keeps per thread: intra-op threads, and the simple executor (faster here, no slow first calls). */
    void enter(int threads) {
        if (THREADS.get() != threads) {
            JniUtils.setGraphExecutorOptimize(false);
            JniUtils.setNumThreads(threads);
            THREADS.set(threads);
        }
    }

    /** Calls a method of a module with gradients allowed or under InferenceMode. */
    ai.djl.pytorch.jni.IValue call(long module, String method, long[] inputs, boolean gradients) {
        try {
            long handle = (long) run.invokeExact(module, method, inputs, gradients, false);
            return (ai.djl.pytorch.jni.IValue) wrap.invokeExact(handle);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs {@code work} on a thread whose stack libtorch's compiler cannot overflow, and waits for it. */
    static <T> T onBigStack(Callable<T> work) {
        if (Thread.currentThread() instanceof BigStackThread) {
            return finished(work);
        }
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new BigStackThread(task, "patella-compile");
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return finished(task::get);
                } catch (Interrupted e) { // a native call cannot be cut short
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> T finished(Callable<T> work) {
        try {
            return work.call();
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new Interrupted();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Interrupted extends RuntimeException {}

    /** A thread on which any first call is safe. */
    static final class BigStackThread extends Thread {
        BigStackThread(Runnable work, String name) {
            super(null, work, name, BIG_STACK);
        }
    }
}
