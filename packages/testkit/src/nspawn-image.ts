/** The disk image that Linux test machines start from: a minimal Debian with systemd. Half a minute and some 240 MB. */
import { cachedImage } from "./image-cache.ts";

const packages = ["systemd", "systemd-sysv", "dbus", "cron"];

/** See `ImageRecipe`. The machine's identity is left out, so that each copy makes its own at its first boot. */
const script = `
[ -d "$1" ] && exit 0
rm -rf --one-file-system "$2"
debootstrap --variant=minbase --include="$5" "$3" "$2" "$4" || { tail -n 5 "$2/debootstrap/debootstrap.log" >&2; exit 1; }
rm -f "$2/etc/hostname" "$2/var/lib/dbus/machine-id" "$2"/var/cache/apt/archives/*.deb
: > "$2/etc/machine-id"
printf '127.0.0.1 localhost\\n::1 localhost ip6-localhost ip6-loopback\\n' > "$2/etc/hosts"
mv "$2" "$1"
`;

/**
 * The image's folder; made when it is not there yet. Throws with debootstrap's last words.
 * @param more packages of Debian besides the usual ones; each list makes an image of its own
 */
export function baseImage(more: readonly string[] = []): Promise<string> {
  return cachedImage({ name: "image", packages: [...packages, ...more], script, timeoutMs: 600_000 });
}
