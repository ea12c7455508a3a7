package io.patella.cohort.split;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds the patients who share an identical picture, directly or through others (union-find over equal pixel hashes). */
final class Linked {
    private final int[] parent;

    private Linked(int size) {
        parent = new int[size];
        for (int i = 0; i < size; i++) {
            parent[i] = i;
        }
    }

    /**
     * Every patient in exactly one group; patients who share nothing are alone.
     *
     * @param patients in any fixed order; groups come in the order of their first member
     */
    static List<List<Patient>> groups(List<Patient> patients) {
        Linked linked = new Linked(patients.size());
        Map<String, Integer> firstWith = new HashMap<>();
        for (int i = 0; i < patients.size(); i++) {
            for (GradedImage image : patients.get(i).images()) {
                String hash = image.pixelSha256();
                if (hash != null && !hash.isEmpty()) {
                    Integer first = firstWith.putIfAbsent(hash, i);
                    if (first != null) {
                        linked.join(first, i);
                    }
                }
            }
        }
        Map<Integer, List<Patient>> groups = new TreeMap<>();
        for (int i = 0; i < patients.size(); i++) {
            groups.computeIfAbsent(linked.root(i), none -> new ArrayList<>()).add(patients.get(i));
        }
        return List.copyOf(groups.values());
    }

    private int root(int i) {
        int at = i;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    /** The smaller index becomes the root, so that the order of groups is that of their first members. */
    private void join(int a, int b) {
        int one = root(a);
        int other = root(b);
        parent[Math.max(one, other)] = Math.min(one, other);
    }
}
