# With discard_writes the file is opened and mapped read-only, so that guests share it.
start() {
  exec "${CLOUD_HYPERVISOR:-cloud-hypervisor}" \
    --kernel "$KERNEL" --cmdline "console=ttyS0 $cmdline ${APPEND-}" \
    --pmem "file=$device,discard_writes=on" \
    --memory "size=${MEMORY:-512}M" --cpus boot=1 --serial tty --console off
}

case " $names " in
  *" ${1-} "*) ;;
  *) fail "expected the name of a guest, one of: $names" ;;
esac
[ -n "${KERNEL-}" ] || fail 'KERNEL is not set: the kernel for the guests, with virtio_pmem and erofs'
prepare
start "$1"
