# Makes an OCI layout ./layout with the tags root and user, in the working directory. $1 becomes the
# environment variable TEXT. Needs root and a busybox that is linked statically.
set -eu

exec 2>&1
umoci init --layout layout
umoci new --image layout:root
umoci unpack --image layout:root bundle
root=$PWD/bundle/rootfs
mkdir -p "$root/bin" "$root/etc" "$root/proc" "$root/sys" "$root/dev" "$root/tmp" "$root/srv/a b" \
  "$root/data/dir"
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in sh cat id ls mv rm sleep; do
  ln -s busybox "$root/bin/$applet"
done
cat >"$root/etc/passwd" <<'END'
root:x:0:0:root:/:/bin/sh
web:x:33:34:web:/srv:/bin/sh
END
cat >"$root/etc/group" <<'END'
root:x:0:
www:x:34:
video:x:44:web
END
cat >"$root/bin/entry" <<'END'
#!/bin/sh
echo "process: $(id -u):$(id -g) $(id -G) $PWD $TEXT; $*"
cd /data
echo "before: file=$(cat file); dir/inside=$(cat dir/inside); gone=$(cat gone)"
echo new >file && mv dir renamed && rm gone
echo "after: file=$(cat file); renamed/inside=$(cat renamed/inside); gone=$(cat gone 2>/dev/null)"
END
chmod 755 "$root/bin/entry"
echo base >"$root/data/file"
echo base >"$root/data/dir/inside"
echo here >"$root/data/gone"
chown -R 33:34 "$root/data"
umoci repack --image layout:root bundle
umoci config --image layout:root --config.entrypoint /bin/entry --config.cmd 'a b' \
  --config.cmd '$PORT 5%' --config.env PATH=/bin --config.env "TEXT=$1" \
  --config.workingdir '/srv/a b' --config.stopsignal SIGQUIT
umoci config --image layout:root --tag user --config.user web
