# Makes an OCI layout ./layout with the tag debian, in the working directory, from the files of
# Debian packages that are installed here. Its layers, oldest first: the packages; changes to them,
# with whiteouts, as umoci repack finds them; an opaque directory; a single whiteout. What the tag
# unpacks to is ./bundle/rootfs. Needs root, for owners, devices and capabilities.
set -eu

exec 2>&1
umoci init --layout layout
umoci new --image layout:debian
umoci unpack --image layout:debian bundle
root=$PWD/bundle/rootfs

# 1: packages. On a merged /usr, package lists still name /bin and /lib.
for link in bin sbin lib lib64; do
  if [ -L "/$link" ]; then
    mkdir -p "$root/usr/$link"
    cp -P "/$link" "$root/$link"
  fi
done
for package in base-files base-passwd bash coreutils libc6 libtinfo6 passwd perl-base tzdata; do
  dpkg -L "$package" | while read -r path; do
    # Only what is there as a file or a directory; /. is the root itself.
    if [ "$path" != /. ] && { [ -e "$path" ] || [ -L "$path" ]; }; then
      printf '%s\n' "${path#/}"
    fi
  done
done | sort -u >files
tar -C / --no-recursion -cf - -T files | tar -C "$root" --keep-directory-symlink -xpf -
mkdir -p "$root/data/opaque/old" "$root/data/dir" "$root/data/gone/deep" "$root/data/stays"
mkdir -m 1777 "$root/tmp" 2>/dev/null || chmod 1777 "$root/tmp"
for number in 1 2 3; do
  printf 'lower %s\n' "$number" >"$root/data/opaque/old/$number"
  printf 'lower %s\n' "$number" >"$root/data/gone/deep/$number"
  printf 'lower %s\n' "$number" >"$root/data/dir/$number"
done
ln -s dir "$root/data/link"
ln "$root/data/dir/1" "$root/data/stays/hard-link"
ln "$root/data/dir/2" "$root/data/stays/survivor"
: >"$root/data/empty"
truncate -s 1M "$root/data/zeros"
seq 1 2000 | head -c 4096 >"$root/data/page"
seq 2 2000 | head -c 4097 >"$root/data/page-and-a-byte"
umoci repack --refresh-bundle --image layout:debian bundle

# 2: changes.
rm -r "$root/data/gone" "$root/usr/share/zoneinfo/Europe"
rm "$root/data/dir/2" "$root/usr/bin/sort"
rm "$root/data/link"
mkdir "$root/data/link"
printf 'was a symlink\n' >"$root/data/link/file"
rm -r "$root/usr/share/doc/tzdata"
ln -s /usr/share/doc/bash "$root/usr/share/doc/tzdata"
mv "$root/usr/share/base-passwd" "$root/usr/share/moved"
printf 'new\n' >>"$root/etc/passwd"
chown 1000:1001 "$root/data/dir"
chown 70000:4000000000 "$root/data/dir/3"
chmod 6751 "$root/data/page"
chmod 0000 "$root/data/empty"
cp "$root/usr/bin/bash" "$root/usr/bin/bash-copy"
setcap cap_net_raw+ep "$root/usr/bin/bash-copy"
mknod "$root/dev-null" c 1 3
mkfifo "$root/data/fifo"
long=$(printf '%0200d' 0)
mkdir -p "$root/data/$long"
printf 'long\n' >"$root/data/$long/$long"
ln -s "$long/$long" "$root/data/long-link"
printf 'latin\n' >"$root/data/$(printf 'caf\351')"
printf 'nfc\n' >"$root/data/$(printf 'caf\303\251')"
printf 'nfd\n' >"$root/data/$(printf 'cafe\314\201')"
printf 'odd\n' >"$root/data/$(printf ' a b%%:,\\\t\n')x"
ln -s "$(printf '../\377 //x/')" "$root/data/odd-link"
umoci repack --refresh-bundle --image layout:debian bundle

# 3, 4: what only umoci insert makes.
mkdir new
printf 'upper\n' >new/upper
umoci insert --image layout:debian --opaque new /data/opaque
umoci insert --image layout:debian --whiteout /data/stays/hard-link
umoci config --image layout:debian --config.entrypoint /bin/bash --config.env TEST=1 \
  --config.user 1000:1001 --config.workingdir /data
rm -r bundle new files
umoci unpack --image layout:debian bundle
