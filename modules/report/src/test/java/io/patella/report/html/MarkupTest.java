package io.patella.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MarkupTest {
    @Test
    void textNeverBecomesMarkup() {
        Markup html = new Markup().leaf("b", "<script>alert(\"1\")</script> & Müller 膝 '", "title", "\"><i>");
        assertThat(html)
                .hasToString("<b title=\"&quot;&gt;&lt;i&gt;\">"
                        + "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; Müller 膝 '</b>");
    }

    @Test
    void charactersThatXmlForbidsAreReplaced() {
        assertThat(new Markup().leaf("b", "a\u0000b\u001bc\uFFFF")).hasToString("<b>a\uFFFDb\uFFFDc\uFFFD</b>");
    }

    @Test
    void elementsCloseInTheOrderTheyWereOpened() {
        assertThat(new Markup().open("i").open("b").text("x").close().close()).hasToString("<i><b>x</b></i>");
    }

    @Test
    void unfinishedMarkupCannotBeAppended() {
        Markup unfinished = new Markup().open("div").open("p");
        assertThatThrownBy(() -> new Markup().append(unfinished))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("left open: [p, div]");
    }

    @Test
    void styleSheetsThatXmlCannotHoldAreRefused() {
        assertThatThrownBy(() -> new Markup().style("a < b {}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not well-formed");
    }
}
