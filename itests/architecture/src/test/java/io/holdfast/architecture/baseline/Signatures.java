// SPDX-License-Identifier: Apache-2.0
package io.holdfast.architecture.baseline;

import aQute.bnd.differ.DiffPluginImpl;
import aQute.bnd.osgi.Analyzer;
import aQute.bnd.osgi.Jar;
import aQute.bnd.service.diff.Delta;
import aQute.bnd.service.diff.Tree;
import aQute.bnd.service.diff.Type;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a bundle's exported packages offer, as bnd sees it, and as text that a reader of a change can follow: one element a line, indented
 * below what it belongs to, with what its coming and its going means for users.
 */
final class Signatures {
    private static final Pattern LINE = Pattern.compile("( *)([A-Z_]+) \\+([A-Z]+) -([A-Z]+) (.*)");

    private static final Set<String> FROM_OBJECT = Set.of("clone()", "finalize()");

    private Signatures() {}

    /** Of compiled classes; its exports are those that the annotations on the packages name. */
    static Tree of(Path classes, String bundle) throws Exception {
        try (Analyzer analyzer = new Analyzer()) {
            analyzer.setJar(new Jar(classes.toFile()));
            analyzer.setBundleSymbolicName(bundle);
            analyzer.setBundleVersion("0");
            // Imports do not matter here, and cannot be told without the jars that others come in.
            analyzer.setProperty("Import-Package", "");
            analyzer.getJar().setManifest(analyzer.calcManifest());
            Tree.Data all = new DiffPluginImpl().tree(analyzer).get("<api>").serialize();
            withoutJdk(all);
            return new DiffPluginImpl().deserialize(all);
        }
    }

    /** What every class has from the JDK is not ours to promise, and differs from one Java to the next. */
    private static void withoutJdk(Tree.Data data) {
        if (data.children == null) {
            return;
        }
        data.children = Stream.of(data.children)
                .filter(child -> child.type != Type.CLASS_VERSION
                        && !(child.type == Type.METHOD && FROM_OBJECT.contains(child.name))
                        && !(child.type == Type.ANNOTATED && child.name.startsWith("jdk.")))
                .toArray(Tree.Data[]::new);
        Stream.of(data.children).forEach(Signatures::withoutJdk);
    }

    static String text(Tree tree) {
        StringBuilder text = new StringBuilder();
        write(tree.serialize(), 0, text);
        return text.toString();
    }

    private static void write(Tree.Data data, int depth, StringBuilder text) {
        text.append(" ".repeat(depth))
                .append(data.type)
                .append(" +")
                .append(data.add)
                .append(" -")
                .append(data.rem)
                .append(' ')
                .append(data.name)
                .append('\n');
        if (data.children != null) {
            for (Tree.Data child : data.children) {
                write(child, depth + 1, text);
            }
        }
    }

    /** @throws IllegalArgumentException with the number of the line that is none of {@link #text} */
    static Tree parse(String text) throws Exception {
        Deque<Tree.Data> open = new ArrayDeque<>();
        Deque<List<Tree.Data>> children = new ArrayDeque<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches() || matcher.group(1).length() > open.size() || number > 1 && line.charAt(0) != ' ') {
                throw new IllegalArgumentException("line " + number + " is no signature: " + line);
            }
            while (open.size() > matcher.group(1).length()) {
                close(open, children);
            }
            Tree.Data data = new Tree.Data();
            data.type = Type.valueOf(matcher.group(2));
            data.add = Delta.valueOf(matcher.group(3));
            data.rem = Delta.valueOf(matcher.group(4));
            data.name = matcher.group(5);
            if (!children.isEmpty()) {
                children.getLast().add(data);
            }
            open.addLast(data);
            children.addLast(new ArrayList<>());
        }
        Tree.Data root = open.getFirst();
        while (!open.isEmpty()) {
            close(open, children);
        }
        return new DiffPluginImpl().deserialize(root);
    }

    private static void close(Deque<Tree.Data> open, Deque<List<Tree.Data>> children) {
        open.removeLast().children = children.removeLast().toArray(Tree.Data[]::new);
    }
}
