package io.patella.imaging;

/** Why a file or a row of a manifest was put aside. The constant's name is what stands in the table and in JSON. */
public enum QuarantineReason {
    /** The file cannot be read: it is missing, or permission is. */
    UNREADABLE,
    /** The file has no bytes. */
    EMPTY_FILE,
    /** The bytes are no PNG, JPEG or TIFF, whatever the name says. */
    NOT_AN_IMAGE,
    /** The file ends before the picture does. */
    TRUNCATED,
    /** The file's structure contradicts itself: a checksum, a length, a code that cannot be. */
    CORRUPT,
    /** The header promises more pixels than the limit: a decompression bomb, or a scan that is no radiograph. */
    TOO_MANY_PIXELS,
    /** More than 8 bits per sample and no rule how to bring them to 8. */
    SIXTEEN_BIT,
    /** A valid file of a kind that is not read here. */
    UNSUPPORTED,
    /** The grade is not one of 0..4. */
    GRADE_OUTSIDE_0_TO_4,
    /** The file's name or the manifest's row does not say whose knee it is. */
    UNKNOWN_PATIENT,
    /** The file lies where the folder's layout has no place for it. */
    UNEXPECTED_PLACE,
    /** The same image id names two different pictures. */
    IMAGE_ID_TAKEN
}
