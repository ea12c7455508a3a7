@NullMarked
package io.patella.report.facts;

import org.jspecify.annotations.NullMarked;
