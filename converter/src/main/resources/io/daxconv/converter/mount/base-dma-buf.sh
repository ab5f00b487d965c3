# A dma-buf is handed to DAXFS as a file descriptor, by fsopen and fsconfig: mount(8) cannot do
# that. The mount keeps the dma-buf; unmounting frees it.
check_base() {
  need_pages "$block_size"
  need_python
  need_image
  [ -c "/dev/dma_heap/$heap" ] || fail "no DMA heap /dev/dma_heap/$heap here"
}

mount_base() {
  mount_dma_buf "$image" "$heap" "$name" base
}
