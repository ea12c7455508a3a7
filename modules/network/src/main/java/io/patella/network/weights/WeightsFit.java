package io.patella.network.weights;

import io.patella.cohort.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How the tensors of a file fit the places that a network has for them.
 *
 * @param findings one for each tensor that does not fit, in the order of the network, then of the file
 */
public record WeightsFit(List<Finding> findings) {
    private static final int SHOWN = 5;

    /** What can be wrong with a tensor. */
    public enum Fault {
        /** The network has a place for it, the file has no tensor of that name. */
        MISSING,
        /** The file has it, the network has no place of that name. */
        UNEXPECTED,
        /** Both have it, with different shapes. */
        MISSHAPED,
        /** Its elements are integers where numbers with a fraction belong, or the other way round. */
        MISTYPED,
        /** Some of its elements are NaN or infinite. */
        NOT_FINITE
    }

    /**
     * A place in a network.
     *
     * @param type element type once it is filled
     * @param shape sizes
     * @param mayBeMissing whether the network does without: counters
     */
    public record Place(ElementType type, List<Long> shape, boolean mayBeMissing) {}

    /**
     * One tensor that does not fit.
     *
     * @param tensor its name
     * @param fault what is wrong
     * @param expected what the network wants; "-" when it wants nothing
     * @param found what the file has; "-" when it has nothing
     */
    public record Finding(String tensor, Fault fault, String expected, String found) {}

    /** Copies the list. */
    public WeightsFit {
        findings = List.copyOf(findings);
    }

    /**
     * Compares names, shapes and types, and then, when these fit, looks for elements that are not finite.
     *
     * @param places what the network wants, by name
     * @param tensors what there is, by name
     */
    public static WeightsFit of(Map<String, Place> places, Map<String, Tensor> tensors) {
        WeightsFit header = ofShapes(places, tensors);
        if (!header.fits()) {
            return header;
        }
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<String, Place> place : places.entrySet()) {
            Tensor tensor = tensors.get(place.getKey());
            if (tensor == null) {
                continue;
            }
            Tensor.NotFinite bad = tensor.notFinite();
            if (bad.count() > 0) {
                findings.add(new Finding(
                        place.getKey(),
                        Fault.NOT_FINITE,
                        "finite elements",
                        bad.count() + " not finite, first at " + bad.first()));
            }
        }
        return new WeightsFit(findings);
    }

    private static WeightsFit ofShapes(Map<String, Place> places, Map<String, Tensor> tensors) {
        List<Finding> findings = new ArrayList<>();
        places.forEach((name, place) -> {
            Tensor tensor = tensors.get(name);
            String expected = place.type + " " + place.shape;
            if (tensor == null) {
                if (!place.mayBeMissing) {
                    findings.add(new Finding(name, Fault.MISSING, expected, "-"));
                }
                return;
            }
            String found = described(tensor);
            if (!shape(tensor).equals(place.shape)) {
                findings.add(new Finding(name, Fault.MISSHAPED, expected, found));
            } else if (tensor.type().isFloatingPoint() != place.type.isFloatingPoint()) {
                findings.add(new Finding(name, Fault.MISTYPED, expected, found));
            }
        });
        tensors.forEach((name, tensor) -> {
            if (!places.containsKey(name)) {
                findings.add(new Finding(name, Fault.UNEXPECTED, "-", described(tensor)));
            }
        });
        return new WeightsFit(findings);
    }

    private static String described(Tensor tensor) {
        return tensor.type() + " " + shape(tensor);
    }

    private static List<Long> shape(Tensor tensor) {
        return Arrays.stream(tensor.shape()).boxed().toList();
    }

    /** Whether every tensor fits. */
    public boolean fits() {
        return findings.isEmpty();
    }

    /** Number of tensors with each fault, zeros included. */
    public Map<Fault, Long> counts() {
        Map<Fault, Long> counts = new LinkedHashMap<>();
        for (Fault fault : Fault.values()) {
            counts.put(fault, findings.stream().filter(f -> f.fault == fault).count());
        }
        return counts;
    }

    /**
     * Returns when every tensor fits.
     *
     * @param file where the tensors are from
     * @param network what they should fit
     * @throws InputException otherwise, naming the first tensors of each fault and what was expected
     */
    public void require(String file, String network) {
        if (fits()) {
            return;
        }
        Set<Fault> faults = findings.stream().map(Finding::fault).collect(Collectors.toSet());
        List<String> parts = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            if (!faults.contains(fault)) {
                continue;
            }
            List<Finding> ofKind =
                    findings.stream().filter(f -> f.fault == fault).toList();
            String shown = ofKind.stream()
                    .limit(SHOWN)
                    .map(f -> f.tensor + " (expected " + f.expected + ", found " + f.found + ")")
                    .collect(Collectors.joining(", "));
            String more = ofKind.size() > SHOWN ? " and " + (ofKind.size() - SHOWN) + " more" : "";
            parts.add(fault.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + ": " + shown + more);
        }
        throw new InputException(
                file, "does not fit " + network, String.join("; ", parts), "patella weights check lists every tensor");
    }
}
