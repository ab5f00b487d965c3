/**
 * A virtual machine for what this machine's kernel does not have: Debian's kernel, run by QEMU in
 * software, so that neither KVM nor anything of the host is needed.
 *
 * <p>The recipe, piece by piece, for whoever needs a guest of another kind:
 *
 * <ol>
 *   <li>{@link io.daxconv.cli.it.vm.GuestKernel} downloads a kernel package with {@code apt-get
 *       download}, unpacks it with {@code dpkg -x} below {@code target/vm}, where it stays, and
 *       finds modules with all that they depend on.
 *   <li>{@link io.daxconv.cli.it.vm.Initramfs} packs busybox, those modules and a script as {@code
 *       /init}: a gzipped cpio archive.
 *   <li>{@link io.daxconv.cli.it.vm.GuestDisk} makes ext4 images of directories, without mounting
 *       anything: one of the JDK, which stays, and one of programs with their libraries, class
 *       paths and data.
 *   <li>{@link io.daxconv.cli.it.vm.Guest} runs QEMU. The guest's memory and its NVDIMM are files
 *       of the host, so that a test can compare what is in them byte for byte when the guest is
 *       gone.
 *   <li>{@link io.daxconv.cli.it.vm.GuestSession} runs in the guest, in one JVM, for starting one
 *       takes seconds there: it carries out steps and prints what came of them to a serial line
 *       that the kernel does not write to.
 * </ol>
 */
@org.jspecify.annotations.NullMarked
package io.daxconv.cli.it.vm;
