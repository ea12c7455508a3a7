package io.patella.tables.row;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Comments and types of columns that stand in several tables, so that the same name means the same everywhere. */
final class Words {
    static final String COHORT = "Name of the cohort";
    static final String IMAGE = "Picture, unique within the cohort";
    static final String PATIENT = "Whose knee, unique within the cohort";
    static final String RUN = "Run that wrote the row";
    static final String MODEL = "Hash of the bundle: sha256: and 64 hex digits";
    static final String PREPARATION = "Hash of every step from 8-bit gray to tensor, test-time augmentation included";
    static final String SPLIT = "Name of the split: patella (ours), or a published one such as chen2019";

    static final DataType REALS = DataTypes.createArrayType(DataTypes.DoubleType);
    static final DataType TEXTS = DataTypes.createArrayType(DataTypes.StringType);
    static final DataType TEXT_BY_NAME = DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType);
    static final DataType COUNT_BY_NAME = DataTypes.createMapType(DataTypes.StringType, DataTypes.LongType);

    private Words() {}
}
