# Linux 6.12 and later mount the image's file itself, but mount(8) puts a loop device under it
# unasked: so python3, where it is there, asks the kernel, and takes a loop device only if it must.
check_base() {
  need_image
  need_erofs "$image"
}

mount_base() {
  if command -v python3 >/dev/null; then
    mount_erofs_file "$image" base
  else
    mount -t erofs -o ro,loop "$image" base
  fi
}
