# The image must stand on the device already, from its first byte on:
#   dd if=IMAGE of=/dev/pmemN bs=4M conv=fsync
# With dax=always what is mapped is the device's memory itself, and nothing is cached.
check_base() {
  need_pages 4096
  [ -b "$device" ] || fail "no pmem device $device here"
  need_erofs "$device"
  if [ -r "$image" ] && [ "$(first_block "$device")" != "$(first_block "$image")" ]; then
    fail "$device: expected $image, found another image; dd if=IMAGE of=$device bs=4M conv=fsync"
  fi
}

# It has a checksum over itself, and a UUID that follows from all that the image holds.
first_block() {
  od -An -v -tx1 -N 4096 <"$1"
}

mount_base() {
  mount -t erofs -o ro,dax=always "$device" base
}
