/**
 * Mounts made by the kernel's mount API: a filesystem's context is opened, told its options one by
 * one, created and attached (fsopen(2), fsconfig(2), fsmount(2), move_mount(2)). No option is part
 * of a longer string, so no path needs an escape.
 */
@org.jspecify.annotations.NullMarked
package io.daxconv.converter.kernel;
