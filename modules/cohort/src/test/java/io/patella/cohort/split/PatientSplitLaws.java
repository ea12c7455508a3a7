package io.patella.cohort.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.patella.cohort.Grade;
import io.patella.cohort.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PatientSplitLaws {
    @Property(tries = 200)
    void patientNeverStraddlesTwoParts(@ForAll("cohorts") List<GradedImage> images, @ForAll long seed) {
        List<Patient> patients = Patient.from(images);
        Parts parts = PatientSplit.seeded(seed).assign(patients);
        assertThat(parts.assignments())
                .extracting(Assignment::patientId)
                .containsExactlyElementsOf(
                        patients.stream().map(Patient::patientId).toList());
        assertThat(SplitReport.of(patients, parts).isByPatient()).isTrue();
    }

    @Property(tries = 200)
    void theOrderOfRowsDoesNotMatter(
            @ForAll("cohorts") List<GradedImage> images, @ForAll long seed, @ForAll Random random) {
        List<GradedImage> shuffled = new ArrayList<>(images);
        Collections.shuffle(shuffled, random);
        shuffled.add(shuffled.get(0)); // a row given twice is the same set
        List<Patient> patients = new ArrayList<>(Patient.from(shuffled));
        Collections.shuffle(patients, random);
        assertThat(PatientSplit.seeded(seed).assign(patients))
                .isEqualTo(PatientSplit.seeded(seed).assign(Patient.from(images)));
    }

    @Property(tries = 200)
    void cellsAreTheirQuotasRoundedDownOrUpAndColumnsAreLargestRemainder(
            @ForAll("unlinked") List<GradedImage> images, @ForAll("ratios") Ratios ratios) {
        List<Patient> patients = Patient.from(images);
        SplitReport report =
                SplitReport.of(patients, PatientSplit.seeded(1).ratios(ratios).assign(patients));
        int[] totals = Quotas.largestRemainder(patients.size(), ratios);
        for (Part part : Part.values()) {
            assertThat(report.part(part).patients()).isEqualTo(totals[Quotas.ORDER.indexOf(part)]);
            for (int s = 0; s < Grade.COUNT; s++) {
                int stratum = s;
                long n = patients.stream().filter(p -> p.stratum() == stratum).count();
                long quota = n * ratios.weight(Quotas.ORDER.indexOf(part));
                int cell = report.part(part).patientsPerStratum().get(s);
                assertThat((long) cell).isBetween(quota / ratios.sum(), -Math.floorDiv(-quota, ratios.sum()));
            }
        }
    }

    @Property(tries = 100)
    void completePairsGiveOnlyEvenParts(@ForAll("pairs") List<GradedImage> images, @ForAll long seed) {
        List<Patient> patients = Patient.from(images);
        SplitReport report = SplitReport.of(patients, PatientSplit.seeded(seed).assign(patients));
        assertThat(report.parts())
                .allSatisfy(part -> assertThat(part.images() % 2).isZero());
    }

    @Property(tries = 200)
    void linkedPatientsStayTogetherAndSizesAreTheNearestReachable(@ForAll("cohorts") List<GradedImage> images) {
        List<Patient> patients = Patient.from(images);
        Parts parts = PatientSplit.seeded(42).assign(patients);
        Map<String, Part> partOf = parts.byPatient();
        List<List<Patient>> groups = Linked.groups(patients);
        for (List<Patient> group : groups) {
            assertThat(group.stream().map(each -> partOf.get(each.patientId())))
                    .containsOnly(partOf.get(group.get(0).patientId()));
        }
        int[] totals = Quotas.largestRemainder(patients.size(), Ratios.PAPER);
        int[] sizes = new int[3];
        parts.assignments().forEach(each -> sizes[Quotas.ORDER.indexOf(each.part())]++);
        int distance = 0;
        for (int p = 0; p < 3; p++) {
            distance += Math.abs(sizes[p] - totals[p]);
        }
        assertThat(distance)
                .isEqualTo(nearestByTryingAll(groups.stream().map(List::size).toList(), totals));
        assertThat(parts.notes().isEmpty() && distance > 0).isFalse();
    }

    /** All pairs (train, validation) that any placement of these groups reaches, by adding one group after the other. */
    private static int nearestByTryingAll(List<Integer> groups, int[] totals) {
        int n = groups.stream().mapToInt(Integer::intValue).sum();
        boolean[][] reached = new boolean[n + 1][n + 1];
        reached[0][0] = true;
        for (int size : groups) {
            boolean[][] next = new boolean[n + 1][n + 1];
            for (int t = 0; t <= n; t++) {
                for (int v = 0; t + v <= n; v++) {
                    next[t][v] =
                            reached[t][v] || (t >= size && reached[t - size][v]) || (v >= size && reached[t][v - size]);
                }
            }
            reached = next;
        }
        int nearest = Integer.MAX_VALUE;
        for (int t = 0; t <= n; t++) {
            for (int v = 0; t + v <= n; v++) {
                if (reached[t][v]) {
                    int distance = Math.abs(t - totals[0]) + Math.abs(v - totals[1]) + Math.abs(n - t - v - totals[2]);
                    nearest = Math.min(nearest, distance);
                }
            }
        }
        return nearest;
    }

    /** One to eighty patients of one to four pictures, some of which are identical to others. */
    @Provide
    Arbitrary<List<GradedImage>> cohorts() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 80), Arbitraries.randoms(), Arbitraries.of(2, 10, 40, 400))
                .as((n, random, pictures) -> cohort(n, random, pictures, 1 + random.nextInt(4)));
    }

    @Provide
    Arbitrary<List<GradedImage>> unlinked() {
        return Combinators.combine(Arbitraries.integers().between(1, 300), Arbitraries.randoms())
                .as((n, random) -> cohort(n, random, 0, 2));
    }

    @Provide
    Arbitrary<List<GradedImage>> pairs() {
        return Combinators.combine(Arbitraries.integers().between(1, 200), Arbitraries.randoms())
                .as((n, random) -> {
                    List<GradedImage> images = new ArrayList<>();
                    for (int i = 0; i < n; i++) {
                        images.add(new GradedImage(i + "L", "P" + i, random.nextInt(5), null));
                        images.add(new GradedImage(i + "R", "P" + i, random.nextInt(5), null));
                    }
                    return images;
                });
    }

    @Provide
    Arbitrary<Ratios> ratios() {
        return Arbitraries.of(
                Ratios.PAPER, new Ratios(80, 10, 10), new Ratios(1, 1, 1), new Ratios(1, 0, 0), new Ratios(13, 0, 7));
    }

    private static List<GradedImage> cohort(int n, Random random, int pictures, int most) {
        List<GradedImage> images = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int own = 1 + random.nextInt(most);
            for (int k = 0; k < own; k++) {
                String hash = pictures > 0 && random.nextInt(3) == 0 ? "h" + random.nextInt(pictures) : null;
                images.add(new GradedImage(i + "-" + k, "P" + i, random.nextInt(5), hash));
            }
        }
        return images;
    }
}
