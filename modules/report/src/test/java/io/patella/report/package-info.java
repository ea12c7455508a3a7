@NullMarked
package io.patella.report;

import org.jspecify.annotations.NullMarked;
