/**
 * A bundle is a trained grader in one folder or zip: {@code bundle.json}, {@code model.pt}, {@code card.md}. Uses the JDK, Jackson and
 * the neighbours in this module. Start at {@link io.patella.network.bundle.Bundle}, which opens one; {@link
 * io.patella.network.bundle.BundleDescription} is what {@code bundle.json} says.
 */
@NullMarked
package io.patella.network.bundle;

import org.jspecify.annotations.NullMarked;
