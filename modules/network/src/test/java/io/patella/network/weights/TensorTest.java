package io.patella.network.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class TensorTest {
    @Test
    void halfRoundsToTheNearestAndTiesToEven() {
        assertThat(half(1f)).isEqualTo(0x3c00);
        assertThat(half(-2f)).isEqualTo(0xc000);
        assertThat(half(1 + 0x1p-11f)).isEqualTo(0x3c00); // half way: to even
        assertThat(half(1 + 3 * 0x1p-11f)).isEqualTo(0x3c02);
        assertThat(half(1 + 0x1.2p-11f)).isEqualTo(0x3c01);
        assertThat(half(65504f)).isEqualTo(0x7bff);
        assertThat(half(65519f)).isEqualTo(0x7bff);
        assertThat(half(65520f)).isEqualTo(0x7c00);
        assertThat(half(0x1p-24f)).isEqualTo(0x0001);
        assertThat(half(0x1p-25f)).isEqualTo(0x0000);
        assertThat(half(-0f)).isEqualTo(0x8000);
        assertThat(half(Float.NEGATIVE_INFINITY)).isEqualTo(0xfc00);
        assertThat(half(Float.NaN)).isEqualTo(0x7e00);
    }

    @Test
    void everyHalfSurvivesTheWayThroughFloat() {
        ByteBuffer bytes = ByteBuffer.allocate(2 * 65536).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 65536; i++) {
            bytes.putShort(2 * i, (short) i);
        }
        Tensor halves = new Tensor(ElementType.F16, new long[] {65536}, bytes);
        ByteBuffer back = halves.as(ElementType.F32).as(ElementType.F16).bytes();
        for (int i = 0; i < 65536; i++) {
            boolean nan = (i & 0x7c00) == 0x7c00 && (i & 0x3ff) != 0;
            assertThat(back.getShort(2 * i)).isEqualTo((short) (nan ? (i & 0x8000) | 0x7e00 : i));
        }
    }

    @Test
    void bfloat16RoundsAsTheBitTrickDoes() {
        float[] values = {
            0f,
            1f,
            -1f,
            3.1415927f,
            1e-40f,
            -Float.MIN_VALUE,
            1.17549435e-38f,
            3.4028235e38f,
            255.5f,
            1 + 0x1p-8f,
            1 + 3 * 0x1p-8f
        };
        Tensor brain = Tensor.of(values, values.length).as(ElementType.BF16);
        for (int i = 0; i < values.length; i++) {
            int bits = Float.floatToIntBits(values[i]);
            assertThat(brain.bytes().getShort(2 * i)).as("%s", values[i]).isEqualTo((short)
                    ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16));
        }
    }

    @Test
    void integersAreNotTurnedIntoFloats() {
        Tensor counter = new Tensor(ElementType.I64, new long[0], ByteBuffer.allocate(8));
        assertThat(counter.as(ElementType.I64)).isSameAs(counter);
        assertThatThrownBy(() -> counter.as(ElementType.F32)).hasMessage("cannot turn I64 into F32");
    }

    @Test
    void whatIsNotFiniteIsCountedAndFound() {
        Tensor tensor = Tensor.of(new float[] {0, 1, Float.NaN, Float.NEGATIVE_INFINITY}, 2, 2);
        assertThat(tensor.notFinite()).isEqualTo(new Tensor.NotFinite(2, 2));
        assertThat(tensor.as(ElementType.F16).notFinite()).isEqualTo(new Tensor.NotFinite(2, 2));
        assertThat(Tensor.of(new float[] {1}, 1).notFinite()).isEqualTo(new Tensor.NotFinite(0, -1));
    }

    private static int half(float value) {
        return Tensor.of(new float[] {value}).as(ElementType.F16).bytes().getShort(0) & 0xffff;
    }
}
