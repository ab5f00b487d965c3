fail() {
  printf 'daxconv guests: %s\n' "$1" >&2
  exit 1
}

# A pmem device is a multiple of 2 MiB: an image that is not is copied, and zeros follow it. The copy
# appears whole; one that is as new as the image is used as it is.
prepare() {
  found=$(wc -c <"$image") || fail "no image $image"
  [ "$((found))" -eq "$image_size" ] ||
    fail "$image: expected $image_size bytes, found $((found)); make the mount plan again"
  if [ "$device" = "$image" ] || [ -n "$(find "$device" -newer "$image" 2>/dev/null)" ]; then
    return
  fi
  cp --reflink=auto --sparse=never -- "$image" "$device.new.$$"
  truncate -s "$device_size" -- "$device.new.$$"
  mv -f -- "$device.new.$$" "$device"
}
