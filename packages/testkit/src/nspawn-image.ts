/**
 * The disk image that Linux test machines start from: a minimal Debian with systemd. Half a minute and some 240 MB; one with more
 * packages is a copy of it that apt adds them to, which takes a sixth of that.
 */
import { cachedImage } from "./image-cache.ts";

const packages = ["systemd", "systemd-sysv", "dbus", "cron"];

/** See `ImageRecipe`. The machine's identity is left out, so that each copy makes its own at its first boot. */
const bootstrap = `
[ -d "$1" ] && exit 0
rm -rf --one-file-system "$2"
debootstrap --variant=minbase --include="$5" "$3" "$2" "$4" || { tail -n 5 "$2/debootstrap/debootstrap.log" >&2; exit 1; }
rm -f "$2/etc/hostname" "$2/var/lib/dbus/machine-id" "$2"/var/cache/apt/archives/*.deb
: > "$2/etc/machine-id"
printf '127.0.0.1 localhost\\n::1 localhost ip6-localhost ip6-loopback\\n' > "$2/etc/hosts"
mv "$2" "$1"
`;

/**
 * See `ImageRecipe`. Lists that came with the base may be older than what the archive still has; they are fetched anew only then. What is
 * installed must not start services: the computer is not running.
 */
const addPackages = `
set -e
[ ! -d "$1" ] || exit 0
rm -rf --one-file-system "$2"
cp --archive --reflink=auto "$6" "$2"
mount -t proc proc "$2/proc"
mount --bind /etc/hosts "$2/etc/hosts"
mount --bind /etc/resolv.conf "$2/etc/resolv.conf"
[ ! -e /etc/ssl/certs/ca-certificates.crt ] || cp /etc/ssl/certs/ca-certificates.crt "$2/tmp/authorities.crt"
printf '#!/bin/sh\\nexit 101\\n' > "$2/usr/sbin/policy-rc.d"
chmod 755 "$2/usr/sbin/policy-rc.d"
folder="$2" packages="$(echo "$5" | tr , ' ')"
apt() {
  DEBIAN_FRONTEND=noninteractive chroot "$folder" \\
    apt-get --quiet --yes -o Acquire::https::CaInfo=/tmp/authorities.crt -o Dpkg::Options::=--force-unsafe-io "$@" >&2
}
apt install --no-install-recommends $packages || { apt update && apt install --no-install-recommends $packages; }
umount "$2/etc/resolv.conf" "$2/etc/hosts" "$2/proc"
rm -f "$2/usr/sbin/policy-rc.d" "$2/tmp/authorities.crt" "$2"/var/cache/apt/archives/*.deb "$2"/var/cache/apt/*.bin
rm -f "$2/etc/hostname" "$2/var/lib/dbus/machine-id"
: > "$2/etc/machine-id"
mv "$2" "$1"
`;

/**
 * The image's folder; made when it is not there yet. Throws with the last words of debootstrap or apt.
 * @param more packages of Debian besides the usual ones; each list makes an image of its own
 */
export async function baseImage(more: readonly string[] = []): Promise<string> {
  const base = await cachedImage({ name: "image", packages, script: bootstrap, timeoutMs: 600_000 });
  if (more.length === 0) return base;
  return cachedImage({ name: "image", packages: more, base, script: addPackages, timeoutMs: 600_000 });
}
