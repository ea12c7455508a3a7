@NullMarked
package io.patella.report.plot;

import org.jspecify.annotations.NullMarked;
