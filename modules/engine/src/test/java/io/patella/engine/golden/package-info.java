/** Programs against reference answers of PyTorch and timm. */
package io.patella.engine.golden;
