package io.patella.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.patella.report.facts.Estimate;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DataTableTest {
    private static DataTable table() {
        return DataTable.captioned("QWK of <all> models")
                .columns("Model", "Images")
                .intervals("QWK")
                .heading("north, test")
                .row(Cell.words("a \"b\", c"), Cell.count(1215), Cell.estimate(new Estimate(1.0 / 3, 0.25, 0.5)))
                .heading("south, test")
                .row(Cell.words("d"), Cell.count(7), Cell.estimate(Estimate.undefined()));
    }

    @Test
    void csvHoldsFullPrecisionAndTheGroupOfEveryRow() {
        assertThat(table().csv()).isEqualTo("""
                        group,Model,Images,QWK,QWK lower,QWK upper
                        "north, test","a ""b"", c",1215,0.3333333333333333,0.25,0.5
                        "south, test",d,7,,,
                        """);
    }

    @Test
    void linkHoldsTheCsvItself() {
        Matcher link = Pattern.compile("download=\"([^\"]+)\".*base64,([^\"]+)\"")
                .matcher(table().markup().toString());
        assertThat(link.find()).isTrue();
        assertThat(link.group(1)).isEqualTo("qwk-of-all-models.csv");
        assertThat(new String(Base64.getDecoder().decode(link.group(2)), StandardCharsets.UTF_8))
                .isEqualTo(table().csv());
    }

    @Test
    void rowsAreNamedByTheirFirstCellAndNumbersStandRight() {
        String html = table().markup().toString().replaceAll("href=\"[^\"]*\"", "href=\"...\"");
        assertThat(html).isEqualTo("""
                        <div class="table"><div class="scroll" role="region" tabindex="0" aria-label="QWK of &lt;all&gt; models">\
                        <table><caption>QWK of &lt;all&gt; models <a class="csv" download="qwk-of-all-models.csv" \
                        aria-label="Download as CSV: QWK of &lt;all&gt; models" href="...">CSV</a></caption>
                        <thead><tr><th scope="col" class="">Model</th><th scope="col" class="number">Images</th>\
                        <th scope="col" class="number">QWK</th></tr>
                        </thead>
                        <tbody><tr><th class="group" scope="rowgroup" colspan="3">north, test</th></tr>
                        <tr><th scope="row">a &quot;b&quot;, c</th><td class="number">1,215</td>\
                        <td class="number">0.333 <span class="aside">[0.250, 0.500]</span></td></tr>
                        <tr><th class="group" scope="rowgroup" colspan="3">south, test</th></tr>
                        <tr><th scope="row">d</th><td class="number">7</td><td class="number">–</td></tr>
                        </tbody>
                        </table>
                        </div>
                        </div>
                        """);
    }

    @Test
    void hashMayBeBrokenSoThatItDoesNotWidenTheTable() {
        String html = DataTable.captioned("Models")
                .columns("Name", "Hash", "Mode")
                .row(Cell.words("a"), Cell.words("sha256:" + "0f".repeat(32)), Cell.words("cpu-f32"))
                .markup()
                .toString();
        assertThat(html).contains("<td class=\"long\">sha256:0f", "<td class=\"\">cpu-f32</td>");
    }

    @Test
    void rowOfAnotherLengthIsRefused() {
        assertThatThrownBy(() -> table().row(Cell.count(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("QWK of <all> models: 1 cells for 3 columns");
    }

    @Test
    void captionWithoutLettersStillNamesAFile() {
        assertThat(DataTable.fileName("???")).isEqualTo("table");
        assertThat(DataTable.fileName("KL ≥ 2, Süd")).isEqualTo("kl-2-süd");
    }
}
