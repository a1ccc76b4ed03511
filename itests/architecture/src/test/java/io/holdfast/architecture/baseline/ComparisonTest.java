// SPDX-License-Identifier: Apache-2.0
package io.holdfast.architecture.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.architecture.Bundles;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each change is made backwards: the real signatures are those of now, and what users had before is written from them. */
class ComparisonTest {
    private static final String INTERFACE = "  INTERFACE +MINOR -MAJOR io.holdfast.api.supervision.Child\n";
    private static final String VERSION = "  VERSION +IGNORED -IGNORED 1.0.0\n";
    private static final String METHOD =
            "   METHOD +MAJOR -MAJOR isUrgent()\n    ACCESS +MAJOR -MINOR abstract\n    RETURN +MINOR -MAJOR boolean\n";

    private String now;

    @BeforeEach
    void signatures() throws Exception {
        now = Signatures.text(Signatures.of(Bundles.classes("api"), "io.holdfast.api"));
        assertThat(now).contains(INTERFACE, VERSION, "   METHOD +MAJOR -MAJOR spec()\n");
    }

    private List<String> changedFrom(String before) throws Exception {
        return Comparison.breaks(Signatures.parse(before), Signatures.parse(now));
    }

    @Test
    void nothingChanged() throws Exception {
        assertThat(Signatures.text(Signatures.parse(now))).isEqualTo(now);
        assertThat(changedFrom(now)).isEmpty();
    }

    @Test
    void removedMethodIsNamed() throws Exception {
        assertThat(changedFrom(now.replace(INTERFACE, INTERFACE + METHOD)))
                .singleElement()
                .asString()
                .startsWith("package io.holdfast.api.supervision still has major version 1, but its users break:")
                .contains("removed: METHOD io.holdfast.api.supervision.Child isUrgent()");
    }

    @Test
    void removedMethodWithANewMajorVersion() throws Exception {
        int at = now.indexOf(INTERFACE);
        String before = now.substring(0, at) + INTERFACE + METHOD + now.substring(at + INTERFACE.length());
        int version = before.indexOf(VERSION, at);
        before = before.substring(0, version)
                + VERSION.replace("1.0.0", "0.9.0")
                + before.substring(version + VERSION.length());
        assertThat(changedFrom(before)).isEmpty();
    }

    @Test
    void newMethodThatUsersMustImplement() throws Exception {
        String method = "   METHOD +MAJOR -MAJOR spec()\n";
        int begin = now.indexOf(method);
        int end = now.indexOf("\n   M", begin) + 1;
        assertThat(changedFrom(now.substring(0, begin) + now.substring(end)))
                .singleElement()
                .asString()
                .contains("added: METHOD io.holdfast.api.supervision.Child spec()");
    }

    @Test
    void newTypeBreaksNobody() throws Exception {
        int begin = now.indexOf(INTERFACE);
        int end = now.indexOf("\n  ", now.indexOf("\n   METHOD", begin)) + 1;
        while (now.charAt(end + 2) == ' ') {
            end = now.indexOf("\n  ", end) + 1;
        }
        String before = now.substring(0, begin) + now.substring(end);
        assertThat(before).doesNotContain(INTERFACE);
        assertThat(changedFrom(before)).isEmpty();
    }

    @Test
    void packageThatIsNoLongerExported() throws Exception {
        String gone = " PACKAGE +MINOR -MAJOR io.holdfast.api.gone\n  VERSION +IGNORED -IGNORED 1.0.0\n";
        assertThat(changedFrom(now + gone)).containsExactly("package io.holdfast.api.gone is no longer exported");
    }

    @Test
    void brokenFileIsNotTakenForAnEmptyOne() {
        assertThatThrownBy(() -> Signatures.parse(now.replace(VERSION, "  VERSION 1.0.0\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no signature");
    }
}
