package io.patella.statistics.cutpoints;

import io.patella.statistics.Figure;

/**
 * The outcome of a search.
 *
 * @param cutpoints the chosen ones; 0.50 throughout when QWK is undefined everywhere
 * @param qwk QWK at the chosen ones, on the table they were tuned on
 * @param plateau how wide the optimum is; of coordinate descent only the point it stopped at
 */
public record TunedCutpoints(Cutpoints cutpoints, Figure qwk, Plateau plateau) {}
