# All mounts are below the root directory and named from there: paths in overlay options are then
# plain words, whatever characters the root directory's own path has.

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

none_mounted() {
  for dir in base c*/merged; do
    if mountpoint -q "$dir"; then
      fail "already mounted: $root/$dir; $0 down unmounts it"
    fi
  done
}

# The merged root shows the upper directory's owner and mode.
make_upper() {
  if [ ! -d "$1" ]; then
    make "$1"
    chown "$(stat -c %u:%g base)" "$1"
    chmod "$(stat -c %a base)" "$1"
  fi
}

mount_overlay() {
  make "$1"
  make_upper "$1/upper"
  make "$1/work"
  make "$1/merged"
  mount -t overlay -o "lowerdir=base,upperdir=$1/upper,workdir=$1/work,$overlay_options" \
    overlay "$1/merged"
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
  make base
  mount_base
  number=1
  while [ "$number" -le "$containers" ]; do
    mount_overlay "c$number"
    number=$((number + 1))
  done
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

remove_container() {
  remove "$1/merged"
  if made "$1/work"; then
    rm -rf "$1/work" # overlayfs leaves its own in it
  fi
  if [ "$purge" = yes ] && made "$1/upper"; then
    rm -rf "$1/upper"
  fi
  remove "$1/upper"
  remove "$1"
}

down() {
  [ -d "$root" ] || return 0
  cd -P "$root"
  number=$containers
  while [ "$number" -ge 1 ]; do
    unmount "c$number/merged"
    number=$((number - 1))
  done
  unmount base
  kept=no
  number=$containers
  while [ "$number" -ge 1 ]; do
    remove_container "c$number"
    number=$((number - 1))
  done
  remove base
  if [ "$kept" = yes ]; then
    printf 'daxconv mount: kept what containers wrote, below %s; %s purge deletes it\n' \
      "$root" "$0" >&2
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
