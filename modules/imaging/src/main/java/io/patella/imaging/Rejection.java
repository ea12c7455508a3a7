package io.patella.imaging;

import io.patella.imaging.Decoded.Quarantined;

/** Carries a typed reason from deep inside a reader up to {@link Decoder}; never leaves this package. */
final class Rejection extends Exception {
    private final Quarantined quarantined;

    Rejection(QuarantineReason reason, String detail) {
        super(detail, null, false, false);
        this.quarantined = new Quarantined(reason, detail);
    }

    Quarantined quarantined() {
        return quarantined;
    }
}
