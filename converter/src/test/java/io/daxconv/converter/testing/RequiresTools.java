package io.daxconv.converter.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An integration test, and what it needs of the machine. With {@code
 * -Ddaxconv.integration=required} a missing part is a failure; otherwise the test is left out, and
 * the end of the run says so.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(RequiresToolsCondition.class)
public @interface RequiresTools {
  /** Programs that must be found on the path. */
  String[] value() default {};

  /** Whether the user must be root. */
  boolean root() default false;

  /** Filesystems that the kernel must have, as in {@code /proc/filesystems}. */
  String[] filesystems() default {};
}
