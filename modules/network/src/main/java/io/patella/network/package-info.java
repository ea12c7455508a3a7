/**
 * Networks as descriptions that Java writes as programs; weights; bundles. Knows no engine.
 */
@NullMarked
package io.patella.network;

import org.jspecify.annotations.NullMarked;
