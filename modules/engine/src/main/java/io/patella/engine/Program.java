package io.patella.engine;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import io.patella.cohort.InputException;
import io.patella.network.weights.Tensor;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * A TorchScript archive, opened on one device. Any of its methods can be called with tensors, numbers and lists of them.
 *
 * <p>Calls of methods that only read (evaluation) may come from many threads at once; a method that writes parameters, moments or
 * statistics must have the program to itself. A call owns what it makes: nothing native outlives it but {@link Resident}s.
 *
 * <pre>{@code
 * try (Program program = Program.open(archive, Device.CPU, 1)) {
 *     Tensor features = program.call("forward", Value.of(image)).asTensor();
 * }
 * }</pre>
 */
public final class Program implements AutoCloseable {
    private final Path archive;
    private final int threads;
    private final NativeEngine engine;
    private final PtNDManager manager;
    private final PtSymbolBlock module;
    private final Set<String> methods;
    private final Set<String> compiled = ConcurrentHashMap.newKeySet();
    private final ReentrantReadWriteLock lifetime = new ReentrantReadWriteLock();
    private boolean closed;

    private Program(Path archive, Device device, int threads, NativeEngine engine, Parameters parameters) {
        this.archive = archive;
        this.threads = threads;
        this.engine = engine;
        this.manager = (PtNDManager) NDManager.newBaseManager(engine.device(device), "PyTorch");
        try {
            engine.enter(threads);
            this.module = JniUtils.loadModule(
                    manager,
                    archive.toAbsolutePath(),
                    device.isCuda(),
                    new String[0],
                    new String[0],
                    parameters == Parameters.TRAINABLE);
            JniUtils.enableInferenceMode(module);
            this.methods = Set.of(JniUtils.getMethodNames(module));
        } catch (EngineException e) {
            manager.close();
            throw failure("cannot open", e);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private enum Parameters {
        FIXED,
        TRAINABLE
    }

    /**
     * Opens an archive for evaluation; its parameters cannot have gradients.
     *
     * @param threads processor threads within one operation, at least 1
     * @throws InputException when there is no such file or it is no archive
     * @throws ProgramException when the engine refuses it
     */
    public static Program open(Path archive, Device device, int threads) {
        return open(archive, device, threads, Parameters.FIXED);
    }

    /** Opens an archive whose parameters may have gradients: for training and for Grad-CAM. Starts in evaluation mode. */
    public static Program openTrainable(Path archive, Device device, int threads) {
        return open(archive, device, threads, Parameters.TRAINABLE);
    }

    private static Program open(Path archive, Device device, int threads, Parameters parameters) {
        if (threads < 1) {
            throw new InputException("threads", "must be at least 1", threads, "0 is not \"all\"; name a number");
        }
        if (!Files.isRegularFile(archive)) {
            throw new InputException(
                    archive.toString(), "no such file", archive.getFileName(), "expected a program archive, model.pt");
        }
        NativeEngine engine = NativeEngine.start();
        return NativeEngine.onBigStack(() -> new Program(archive, device, threads, engine, parameters));
    }

    /** Names of the methods that can be called. */
    public Set<String> methods() {
        return methods;
    }

    /** Calls a method without gradients (InferenceMode): the way for evaluation. */
    public Value call(String method, Value... inputs) {
        return run(method, List.of(inputs), Gradients.NONE);
    }

    /** Calls a method that may ask for gradients. BatchNorm and dropout follow {@link #train()} and {@link #evaluate()}. */
    public Value callWithGradients(String method, Value... inputs) {
        return run(method, List.of(inputs), Gradients.ALLOWED);
    }

    private enum Gradients {
        NONE,
        ALLOWED
    }

    private Value run(String method, List<Value> inputs, Gradients gradients) {
        return guarded(method, () -> {
            List<IValue> given = new ArrayList<>(inputs.size());
            try (PtNDManager scope = manager.newSubManager(manager.getDevice())) {
                for (Value each : inputs) {
                    given.add(Marshal.toEngine(each, scope));
                }
                long[] handles = given.stream().mapToLong(IValue::getHandle).toArray();
                return Marshal.fromEngine(
                        engine.call(module.getHandle(), method, handles, gradients == Gradients.ALLOWED), scope);
            } finally {
                Marshal.close(inputs, given);
                Reference.reachabilityFence(inputs); // the engine reads the callers' direct buffers
            }
        });
    }

    /** Runs {@code work} while the program is open, on a big stack the first time a method is called. */
    private <T> T guarded(String method, Supplier<T> work) {
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException(archive + " is closed");
            }
            if (!methods.contains(method)) {
                throw new ProgramException(archive + " has no method " + method + "; it has " + methods);
            }
            if (compiled.contains(method)) {
                engine.enter(threads);
                return work.get();
            }
            T first = NativeEngine.onBigStack(() -> {
                engine.enter(threads);
                return work.get();
            });
            compiled.add(method);
            return first;
        } catch (EngineException e) {
            throw failure(method, e);
        } finally {
            lifetime.readLock().unlock();
        }
    }

    /** BatchNorm uses and moves batch statistics, dropout drops, in {@link #callWithGradients}. */
    public void train() {
        JniUtils.enableTrainingMode(module);
    }

    /** BatchNorm uses running statistics, dropout does nothing: the state after opening. */
    public void evaluate() {
        JniUtils.enableInferenceMode(module);
    }

    /** The program's parameters themselves, by module path, in the archive's order. */
    public Resident parameters() {
        List<String> names = new ArrayList<>();
        List<PtNDArray> arrays = new ArrayList<>();
        for (var each : module.getDirectParameters()) {
            names.add(each.getKey());
            arrays.add((PtNDArray) each.getValue().getArray());
        }
        return new Resident(names, arrays);
    }

    /**
     * Tensors that a method returns as a dictionary, kept in the engine, in the order of their names; for running statistics, which
     * the engine does not list among the parameters.
     */
    public Resident resident(String method) {
        return guarded(method, () -> {
            Map<String, PtNDArray> arrays = new LinkedHashMap<>();
            try (IValue dictionary = engine.call(module.getHandle(), method, new long[0], true)) {
                dictionary.toIValueMap().forEach((name, item) -> {
                    try (item) {
                        arrays.put(name, item.toTensor(manager));
                    }
                });
            }
            return Resident.sorted(arrays);
        });
    }

    /** Zeros of the same names, types and shapes. */
    public Resident zerosLike(Resident other) {
        return new Resident(
                other.names(),
                other.arrays().stream()
                        .map(each -> {
                            PtNDArray detached = JniUtils.detachGradient(each);
                            PtNDArray zeros = JniUtils.zerosLike(
                                    detached,
                                    detached.getDataType(),
                                    detached.getDevice(),
                                    ai.djl.ndarray.types.SparseFormat.DENSE);
                            detached.close();
                            return zeros;
                        })
                        .toList());
    }

    /** Copies of the same names, values and layout. */
    public Resident copyOf(Resident other) {
        return new Resident(
                other.names(),
                other.arrays().stream()
                        .map(each -> {
                            PtNDArray detached = JniUtils.detachGradient(each);
                            PtNDArray copy = JniUtils.clone(detached);
                            detached.close();
                            return copy;
                        })
                        .toList());
    }

    /** One float32 scalar per name, all 0: an optimiser's step counters. */
    public Resident scalarsLike(Resident other) {
        return new Resident(
                other.names(),
                other.names().stream()
                        .map(name -> (PtNDArray) manager.zeros(new Shape(), DataType.FLOAT32))
                        .toList());
    }

    /** A tensor moved into the engine, to be passed again and again. */
    public Resident keep(Map<String, Tensor> tensors) {
        List<PtNDArray> arrays = new ArrayList<>();
        tensors.values().forEach(each -> arrays.add(JniUtils.clone(Marshal.toArray(each, manager))));
        return new Resident(new ArrayList<>(tensors.keySet()), arrays);
    }

    /** Seeds the engine's one generator of this process; dropout in every program draws from it. */
    public static void seed(long seed) {
        NativeEngine.start();
        JniUtils.setSeed(seed);
    }

    /**
     * Runs work that calls many methods for the first time on one thread whose stack the engine cannot overflow, and waits for it.
     * The engine's settings of a thread (its number of threads, gradients) then stay the same for the whole work.
     */
    public static <T> T onBigStack(Callable<T> work) {
        return NativeEngine.onBigStack(work);
    }

    private ProgramException failure(String what, EngineException e) {
        String reason = reason(String.valueOf(e.getMessage()));
        String message = archive.getFileName() + ", " + what + ": " + reason;
        return reason.contains("can't allocate memory") || reason.contains("out of memory")
                ? new ProgramException.OutOfMemory(message, e)
                : new ProgramException(message, e);
    }

    /** libtorch prints the script's traceback first and the reason last. */
    private static String reason(String message) {
        int last = message.lastIndexOf("Error: ");
        String reason = last < 0 ? message : message.substring(last + "Error: ".length());
        int frames = reason.indexOf("\nException raised from");
        return (frames < 0 ? reason : reason.substring(0, frames)).strip();
    }

    /** Waits for running calls, then frees everything native. */
    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                module.close();
                manager.close();
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
