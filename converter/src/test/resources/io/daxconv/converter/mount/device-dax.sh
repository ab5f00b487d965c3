#!/bin/sh
# Mounts an image once and read-only, and an overlay over it for each container.
# Made by daxconv mount-spec. As root: up (the default) mounts, down unmounts and keeps
# what containers wrote, purge unmounts and deletes what they wrote.
# The image is mounted as DAXFS: it was asked for.
# What is shared: DAXFS: containers read the image's own memory, without page cache; what they map, programs too, is copied for each mapping.
set -eu
umask 022

name='debian-12'
image='/run/daxconv/a:b/x.daxfs'
image_size='1998848'
block_size='4096'
root='/run/daxconv/a:b'
root_parent='/run/daxconv'
lower='base'
other_base=''
other_uppers=''
other_merged=''
containers='2'
names=''
upper_kind='directory'
tmpfs_options='mode=700'
overlay_options='redirect_dir=on,xino=on'
device='dax0.0'

copy_to_device_dax() {
  python3 -I - "$@" <<'END_OF_PYTHON'
import mmap
import os
import sys

CHUNK = 4 << 20


def main(image, device):
    def number(name):
        with open("/sys/bus/dax/devices/%s/%s" % (device, name)) as f:
            return int(f.read(), 0)

    size, align = number("size"), number("align")
    source = os.open(image, os.O_RDONLY)
    length = os.fstat(source).st_size
    # The device maps only at its alignment, lengths too.
    mapped = -(-length // align) * align
    if mapped > size:
        sys.exit("daxconv mount: /dev/%s: expected at least %d bytes, found %d" % (device, mapped, size))
    memory = mmap.mmap(os.open("/dev/" + device, os.O_RDWR), mapped)
    at = 0
    while at < length:
        data = os.pread(source, min(CHUNK, length - at), at)
        if not data:
            sys.exit("daxconv mount: %s: ended at %d of %d bytes" % (ascii(image), at, length))
        # What stands there already is left alone: the same image may be mounted from it.
        if memory[at : at + len(data)] != data:
            memory[at : at + len(data)] = data
        at += len(data)


try:
    main(*sys.argv[1:])
except OSError as e:
    sys.exit("daxconv mount: %s" % e)
END_OF_PYTHON
}

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

# All that overlays are made of is named from the root directory: paths in overlay options are then
# plain words, whatever characters the root directory's own path has. What is elsewhere has a symlink
# there.

fail() {
  printf 'daxconv mount: %s\n' "$1" >&2
  exit 1
}

need_python() {
  command -v python3 >/dev/null || fail 'python3 is needed for this base target, and not found'
}

need_image() {
  found=$(wc -c <"$image") || fail "no image $image"
  [ "$((found))" -ge "$image_size" ] ||
    fail "$image: expected at least $image_size bytes, found $((found)); make the mount plan again"
}

# The EROFS superblock stands at byte 1024 and starts with a magic number.
need_erofs() {
  found=$(od -An -tx1 -j 1024 -N 4 <"$1") || fail "$1 cannot be read"
  [ "$found" = ' e2 e1 f5 e0' ] ||
    fail "$1: expected the EROFS magic e2 e1 f5 e0 at byte 1024, found$found"
}

need_root() {
  [ "$(id -u)" -eq 0 ] || fail 'mounting needs root'
}

need_pages() {
  if page=$(getconf PAGESIZE 2>/dev/null) && [ "$page" -ne "$1" ]; then
    fail "the image is for kernels with pages of $1 bytes, this one's have $page"
  fi
}

# Makes a directory unless it is there; .daxconv lists those made here, which down may remove.
make() {
  if [ ! -d "$1" ]; then
    mkdir "$1"
    printf '%s\n' "$1" >>.daxconv
  fi
}

made() {
  [ -f .daxconv ] && grep -qxF "$1" .daxconv
}

# Others do not get in: programs of the image may be set-user-ID.
enter_root() {
  mkdir -p "$root_parent"
  if [ -d "$root" ]; then
    cd -P "$root"
  else
    mkdir -m 700 "$root"
    cd -P "$root"
    printf '.\n' >.daxconv
  fi
}

# A symlink NAME to DIRECTORY, which is made unless it is there.
link() {
  if [ ! -d "$2" ]; then
    mkdir -p "$2"
    printf '%s\n' "$1/" >>.daxconv
  fi
  if [ ! -h "$1" ]; then
    ln -s "$2" "$1"
    printf '%s\n' "$1" >>.daxconv
  fi
}

# The directory stays if somebody else's files are in it.
unlink_directory() {
  if made "$1"; then
    rm -f "$1"
  fi
  if made "$1/" && [ -d "$2" ]; then
    rmdir "$2" 2>/dev/null || :
  fi
}

# Runs a function for each container, with its name.
each() {
  number=1
  while [ "$number" -le "$containers" ]; do
    "$1" "c$number"
    number=$((number + 1))
  done
  for container in $names; do
    "$1" "$container"
  done
}

# Where the directories of a container are, from the root directory.
places() {
  here=$1
  merged=$1/merged
  writes=$1
  if [ -n "$other_merged" ]; then
    merged=merged/$1
  fi
  if [ -n "$other_uppers" ]; then
    writes=uppers/$1
  elif [ "$upper_kind" = tmpfs ]; then
    writes=$1/tmpfs
  fi
}

not_mounted() {
  if mountpoint -q "$1"; then
    fail "already mounted: $1; $0 down unmounts it"
  fi
}

merged_not_mounted() {
  if [ -n "$other_merged" ]; then
    not_mounted "$other_merged/$1"
  else
    not_mounted "$root/$1/merged"
  fi
}

none_mounted() {
  not_mounted "${other_base:-$root/base}"
  each merged_not_mounted
}

# A symlink in the base would lead to the host's own files.
need_lower() {
  if [ -h "$lower" ] && [ "$lower" != base ] || [ ! -d "$lower" ]; then
    fail "$root/$lower: expected the directory of an image, found none; make the mount plan again"
  fi
}

# The merged root shows the upper directory's owner and mode.
make_upper() {
  if [ ! -d "$1" ]; then
    make "$1"
    chown "$(stat -c %u:%g "$lower")" "$1"
    chmod "$(stat -c %a "$lower")" "$1"
  fi
}

mount_container() {
  places "$1"
  make "$here"
  make "$merged"
  case "$upper_kind" in
    none)
      mount --bind "$lower" "$merged"
      return
      ;;
    tmpfs)
      make "$writes"
      mount -t tmpfs -o "$tmpfs_options" tmpfs "$writes"
      ;;
    *) make "$writes" ;;
  esac
  make_upper "$writes/upper"
  make "$writes/work"
  mount -t overlay -o "lowerdir=$lower,upperdir=$writes/upper,workdir=$writes/work,$overlay_options" \
    overlay "$merged"
}

up() {
  need_root
  check_base
  enter_root
  none_mounted
  trap down EXIT # half of the mounts are of no use
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if [ -n "$other_base" ]; then
    link base "$other_base"
  else
    make base
  fi
  if [ -n "$other_uppers" ]; then
    link uppers "$other_uppers"
  fi
  if [ -n "$other_merged" ]; then
    link merged "$other_merged"
  fi
  mount_base
  need_lower
  each mount_container
  trap - EXIT HUP INT TERM
}

unmount() {
  if mountpoint -q "$1"; then
    umount "$1"
  fi
}

# Removes a directory that was made here; one that is not empty stays.
remove() {
  if made "$1" && [ -d "$1" ]; then
    rmdir "$1" 2>/dev/null || kept=yes
  fi
}

unmount_container() {
  places "$1"
  unmount "$merged"
  if [ "$upper_kind" = tmpfs ]; then
    unmount "$writes"
  fi
}

remove_container() {
  places "$1"
  remove "$merged"
  if made "$writes/work"; then
    rm -rf "$writes/work" # overlayfs leaves its own in it
  fi
  if [ "$purge" = yes ] && made "$writes/upper"; then
    rm -rf "$writes/upper"
  fi
  remove "$writes/upper"
  remove "$writes"
  remove "$here"
}

down() {
  [ -d "$root" ] || return 0
  cd -P "$root"
  each unmount_container
  unmount base
  kept=no
  each remove_container
  if [ -n "$other_merged" ]; then
    unlink_directory merged "$other_merged"
  fi
  if [ -n "$other_uppers" ] && [ "$kept" = no ]; then
    unlink_directory uppers "$other_uppers"
  fi
  if [ -n "$other_base" ]; then
    unlink_directory base "$other_base"
  else
    remove base
  fi
  if [ "$kept" = yes ]; then
    printf 'daxconv mount: kept what containers wrote, below %s; %s purge deletes it\n' \
      "${other_uppers:-$root}" "$0" >&2
  elif made .; then
    rm .daxconv
    cd /
    rmdir "$root" 2>/dev/null || : # somebody else's files are in it
  else
    rm -f .daxconv
  fi
}

main() {
  purge=no
  case "$#:${1-up}" in
    0:up | 1:up) up ;;
    1:down) down ;;
    1:purge)
      purge=yes
      down
      ;;
    *) fail 'expected up, down or purge' ;;
  esac
}

main "$@"
