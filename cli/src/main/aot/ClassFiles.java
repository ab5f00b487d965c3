import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Gives class files of Java 5 the stack maps that later ones have. JDK 25 keeps no older ones in an
 * AOT cache ("Old class has been linked"), as the old verifier would have to run on them again.
 */
final class ClassFiles {
  private static final int JAVA_6 = ClassFile.JAVA_6_VERSION;
  private static final int JAVA_8 = ClassFile.JAVA_8_VERSION;

  private ClassFiles() {}

  /** Upgrades the classes in a jar, which keeps its name; one without old classes is left alone. */
  static void upgrade(Path library) throws IOException {
    Path upgraded = Path.of(library + ".new");
    boolean changed = false;
    try (URLClassLoader classes = new URLClassLoader(new URL[] {library.toUri().toURL()});
        JarFile jar = new JarFile(library.toFile());
        OutputStream file = Files.newOutputStream(upgraded);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      ClassFile context = context(classes);
      for (JarEntry entry : Collections.list(jar.entries())) {
        byte[] bytes = jar.getInputStream(entry).readAllBytes();
        if (isOld(entry.getName(), bytes)) {
          bytes = upgrade(context, context.parse(bytes));
          changed = true;
        }
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        zip.putNextEntry(copy);
        zip.write(bytes);
      }
    }
    if (changed) {
      Files.move(upgraded, library, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.delete(upgraded);
    }
  }

  private static ClassFile context(ClassLoader classes) {
    return ClassFile.of(
        ClassFile.ClassHierarchyResolverOption.of(
            ClassHierarchyResolver.ofResourceParsing(classes)
                .orElse(ClassHierarchyResolver.defaultResolver())),
        ClassFile.StackMapsOption.GENERATE_STACK_MAPS);
  }

  /** The major version is in bytes 6 and 7 (JVMS 4.1). */
  private static boolean isOld(String name, byte[] bytes) {
    return name.endsWith(".class") && ((bytes[6] & 0xff) << 8 | bytes[7] & 0xff) < JAVA_6;
  }

  private static byte[] upgrade(ClassFile context, ClassModel old) {
    ClassTransform version =
        (builder, element) -> {
          if (element instanceof ClassFileVersion) {
            builder.withVersion(JAVA_8, 0);
          } else {
            builder.with(element);
          }
        };
    // Code that passes through a transform of its own is written anew, with its stack maps.
    CodeTransform same = (builder, element) -> builder.with(element);
    return context.transformClass(old, version.andThen(ClassTransform.transformingMethodBodies(same)));
  }
}
