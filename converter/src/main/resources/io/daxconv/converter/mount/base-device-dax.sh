# A device-DAX can only be mapped, so that a program copies the image into it. DAXFS then mounts
# the memory behind the device by its physical address.
sys=/sys/bus/dax/devices/$device

check_base() {
  need_pages "$block_size"
  need_python
  need_image
  [ -c "/dev/$device" ] || fail "no device-DAX /dev/$device here"
}

mount_base() {
  copy_to_device_dax "$image" "$device"
  address=$(cat "$sys/resource")
  size=$(cat "$sys/size")
  mount -t daxfs -o "ro,phys=$address,size=$size,validate,name=$name" none base
}
