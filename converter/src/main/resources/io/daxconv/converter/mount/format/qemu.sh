# Words for QEMU's options: a comma in a value is doubled.
doubled() {
  printf '%s\n' "$1" | sed 's/,/,,/g'
}

# QEMU is told once more that nothing is written: the file is opened and mapped read-only. Guests
# need virtio_pmem and erofs in the kernel or its initramfs.
start() {
  exec "${QEMU:-qemu-system-x86_64}" \
    -name "$1" -machine q35 -m "${MEMORY:-512},slots=2,maxmem=$((${MEMORY:-512} + device_size / 1048576 + 1024))M" \
    -object "memory-backend-file,id=image,share=on,readonly=on,size=$device_size,mem-path=$(doubled "$device")" \
    -device virtio-pmem-pci,memdev=image,id=pmem0 \
    -kernel "$KERNEL" ${INITRD:+-initrd "$INITRD"} \
    -append "console=ttyS0 $cmdline ${APPEND-}" -nographic -no-reboot ${QEMU_OPTIONS-}
}

case " $names " in
  *" ${1-} "*) ;;
  *) fail "expected the name of a guest, one of: $names" ;;
esac
[ -n "${KERNEL-}" ] || fail 'KERNEL is not set: the kernel for the guests, with virtio_pmem and erofs'
prepare
start "$1"
