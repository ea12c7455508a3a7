@NullMarked
package io.patella.report.html;

import org.jspecify.annotations.NullMarked;
