/**
 * The disk image that Windows test computers start from: Debian's Wine 10 with a prepared drive C, as Windows 10. Made once, in some
 * two minutes and 1.2 GB. What Wine only pretends to have is listed in CONTRIBUTING.md.
 */
import { cachedImage, shellQuoted } from "./image-cache.ts";

const packages = ["wine", "wine64", "ca-certificates"];

/** Where Wine keeps the computer, within the image. Outside of /root and /home, which a test may bind over. */
export const winePrefix = "/windows";

/** What every program of Wine sees. No screen, no offers to download Mono or Gecko, and no words of its own on standard error. */
export const wineEnvironment: readonly string[] = [
  "HOME=/root",
  "PATH=/usr/lib/wine:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  "LANG=C.UTF-8",
  "WINEARCH=win64",
  "WINEDEBUG=-all",
  "WINEDLLOVERRIDES=mscoree=;mshtml=",
  `WINEPREFIX=${winePrefix}`,
];

/**
 * Within the new image. Wine needs /proc, and /sys to know of processors. A service that does not answer the service manager in time has
 * failed; Windows gives it thirty seconds, Wine ten unless a text of its registry (Windows: a number) says otherwise.
 */
const prepare = `
mkdir -p ${winePrefix}
wineboot --init
wine reg add 'HKCU\\Software\\Wine' /v Version /d win10 /f
wine reg add 'HKCU\\Software\\Wine\\Drivers' /v Graphics /d null /f
wine reg add 'HKLM\\System\\CurrentControlSet\\Control' /v ServicesPipeTimeout /d 30000 /f
wineserver --kill
wineserver --wait
`;

/** See `ImageRecipe`. */
const buildScript = `
[ -d "$1" ] && exit 0
rm -rf --one-file-system "$2"
debootstrap --variant=minbase --include="$5" "$3" "$2" "$4" || { tail -n 5 "$2/debootstrap/debootstrap.log" >&2; exit 1; }
printf '127.0.0.1 localhost\\n::1 localhost ip6-localhost ip6-loopback\\n' > "$2/etc/hosts"
rm -rf "$2"/var/cache/apt/archives/*.deb "$2"/var/lib/apt/lists/* "$2"/usr/share/doc "$2"/usr/share/man "$2"/usr/share/locale
mount -t proc proc "$2/proc" && mount --rbind /sys "$2/sys" && mount --rbind /dev "$2/dev" || exit 1
chroot "$2" env -i ${wineEnvironment.map((variable) => `'${variable}'`).join(" ")} sh -eu -c "$PREPARE" >&2 || exit 1
umount -l "$2/dev" "$2/sys" "$2/proc"
[ -e "$2${winePrefix}/drive_c/windows/system32/kernel32.dll" ] || { echo "Wine made no drive C" >&2; exit 1; }
mv "$2" "$1"
`;

const script = `PREPARE=${shellQuoted(prepare)}; export PREPARE; ${buildScript}`;

/** The image's folder; made when it is not there yet. Throws with debootstrap's last words. */
export function wineImage(): Promise<string> {
  return cachedImage({ name: "wine", suite: "trixie", packages, script, timeoutMs: 900_000 });
}
