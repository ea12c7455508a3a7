package io.patella.report.facts;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one page shows. Built by {@link #titled}: each call adds to a section, and a section without any call
 * is left out.
 *
 * <pre>{@code Report report = Report.titled(heading).flow(flow).performance(test).provenance(runs).build();}</pre>
 */
public record Report(
        Heading heading,
        List<PatientFlow> flows,
        List<Characteristics> characteristics,
        List<Pictures.Examples> examples,
        List<ConsensusFacts> consensus,
        List<SplitFacts> splits,
        List<Performance> performances,
        List<Subgroups> subgroups,
        List<Comparison> comparisons,
        List<Agreement> agreements,
        List<TrainingHistory> histories,
        List<Tabulation> tabulations,
        List<Pictures.Failures> failures,
        List<Pictures.HeatmapGrid> heatmaps,
        @Nullable Provenance provenance) {
    public Report {
        flows = List.copyOf(flows);
        characteristics = List.copyOf(characteristics);
        examples = List.copyOf(examples);
        consensus = List.copyOf(consensus);
        splits = List.copyOf(splits);
        performances = List.copyOf(performances);
        subgroups = List.copyOf(subgroups);
        comparisons = List.copyOf(comparisons);
        agreements = List.copyOf(agreements);
        histories = List.copyOf(histories);
        tabulations = List.copyOf(tabulations);
        failures = List.copyOf(failures);
        heatmaps = List.copyOf(heatmaps);
    }

    /** Starts a report. */
    public static Draft titled(Heading heading) {
        return new Draft(heading);
    }

    /** A report in the making; sections keep the order in which they are added. */
    public static final class Draft {
        private final Heading heading;
        private final List<PatientFlow> flows = new ArrayList<>();
        private final List<Characteristics> characteristics = new ArrayList<>();
        private final List<Pictures.Examples> examples = new ArrayList<>();
        private final List<ConsensusFacts> consensus = new ArrayList<>();
        private final List<SplitFacts> splits = new ArrayList<>();
        private final List<Performance> performances = new ArrayList<>();
        private final List<Subgroups> subgroups = new ArrayList<>();
        private final List<Comparison> comparisons = new ArrayList<>();
        private final List<Agreement> agreements = new ArrayList<>();
        private final List<TrainingHistory> histories = new ArrayList<>();
        private final List<Tabulation> tabulations = new ArrayList<>();
        private final List<Pictures.Failures> failures = new ArrayList<>();
        private final List<Pictures.HeatmapGrid> heatmaps = new ArrayList<>();
        private @Nullable Provenance provenance;

        private Draft(Heading heading) {
            this.heading = heading;
        }

        public Draft flow(PatientFlow flow) {
            flows.add(flow);
            return this;
        }

        public Draft characteristics(Characteristics table) {
            characteristics.add(table);
            return this;
        }

        public Draft examples(Pictures.Examples strips) {
            examples.add(strips);
            return this;
        }

        public Draft consensus(ConsensusFacts facts) {
            consensus.add(facts);
            return this;
        }

        public Draft split(SplitFacts facts) {
            splits.add(facts);
            return this;
        }

        public Draft performance(Performance performance) {
            performances.add(performance);
            return this;
        }

        public Draft subgroups(Subgroups strata) {
            subgroups.add(strata);
            return this;
        }

        public Draft comparison(Comparison comparison) {
            comparisons.add(comparison);
            return this;
        }

        public Draft agreement(Agreement agreement) {
            agreements.add(agreement);
            return this;
        }

        public Draft history(TrainingHistory history) {
            histories.add(history);
            return this;
        }

        public Draft tabulation(Tabulation table) {
            tabulations.add(table);
            return this;
        }

        public Draft failures(Pictures.Failures worst) {
            failures.add(worst);
            return this;
        }

        public Draft heatmaps(Pictures.HeatmapGrid grid) {
            heatmaps.add(grid);
            return this;
        }

        public Draft provenance(Provenance facts) {
            provenance = facts;
            return this;
        }

        public Report build() {
            return new Report(
                    heading,
                    flows,
                    characteristics,
                    examples,
                    consensus,
                    splits,
                    performances,
                    subgroups,
                    comparisons,
                    agreements,
                    histories,
                    tabulations,
                    failures,
                    heatmaps,
                    provenance);
        }
    }
}
