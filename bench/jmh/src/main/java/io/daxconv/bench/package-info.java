/** JMH benchmarks of what conversion and checking spend their time in. */
@org.jspecify.annotations.NullMarked
package io.daxconv.bench;
