# The image must stand at this physical address already: kerf, a boot loader or memmap= put it
# there. With "validate" the kernel refuses to mount what is no sound image.
check_base() {
  need_pages "$block_size"
}

mount_base() {
  mount -t daxfs -o "ro,phys=$address,size=$size,validate,name=$name" none base
}
