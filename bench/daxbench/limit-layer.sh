#!/bin/sh
# The unavoidable work for one layer, by the fastest public tools: hash the blob, inflate it once, hash and write that.
# usage: limit-layer.sh BLOB COMPRESSION OUT  (leaves OUT.tar, OUT.blob and OUT.diff: the bytes and the two digests)
set -eu
case $2 in
  gzip) inflate='igzip -dc' ;;
  zstd) inflate='zstd -q -dc' ;;
  *) inflate=cat ;;
esac
openssl dgst -r -sha256 "$1" >"$3.blob" &
$inflate <"$1" | tee "$3.tar" | openssl dgst -r -sha256 >"$3.diff"
wait
