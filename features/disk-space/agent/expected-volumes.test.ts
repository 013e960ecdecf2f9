import { expect, test } from "bun:test";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { diskSpace } from "../protocol.ts";
import { readExpectedVolumes } from "./read-expected-volumes.linux.ts";

const fstab = `# /etc/fstab: static file system information.
UUID=1111-aaaa /               ext4    errors=remount-ro 0       1
UUID=2222 /boot/efi       vfat    umask=0077      0       1
/dev/mapper/vg-home /home ext4 defaults 0 2
UUID=3333 none            swap    sw              0       0
tmpfs /tmp tmpfs defaults 0 0
/dev/sr0        /media/cdrom0   udf,iso9660 user,noauto     0       0
UUID=4444 /mnt/backup\\040disk ext4 defaults,nofail 0 2
UUID=5555 /srv/data ext4
nas:/export /mnt/nas nfs defaults 0 0
UUID=6666 /mnt/lazy ext4 x-systemd.automount 0 0
/srv/data/www /var/www none bind 0 0
UUID=7777 /srv/K\\040A ext4 defaults 0 2
garbage
`;
const defaults = diskSpace.selection.parse({});
const osWith = (text: string) => ({ readFile: async () => text }) as unknown as Os;
const mounts = async (changes: Partial<typeof defaults> = {}, text = fstab) =>
  (await readExpectedVolumes(osWith(text), { ...defaults, ...changes })).map(({ mount }) => mount);

test.each<[string, Partial<typeof defaults>, string[]]>([
  ["what is mounted at each start", {}, ["/", "/boot/efi", "/home", "/srv/data", "/srv/K A"]],
  ["with the network's", { networkVolumes: true }, ["/", "/boot/efi", "/home", "/srv/data", "/mnt/nas", "/srv/K A"]],
  ["only what is selected", { include: ["/srv/*"], exclude: ["/srv/K*"] }, ["/srv/data"]],
])("fstab: %s", async (_, changes, expected) => {
  expect(await mounts(changes)).toEqual(expected);
});

test("an image without configured volumes expects none", async () => {
  expect(await mounts({}, "# UNCONFIGURED FSTAB FOR BASE SYSTEM\n")).toEqual([]);
});

test("no fstab expects nothing, an unreadable one is an error", async () => {
  const failing = (code: OsError["code"]) => ({ readFile: () => Promise.reject(new OsError(code, "/etc/fstab")) }) as unknown as Os;
  expect(await readExpectedVolumes(failing("COLLECT_UNREADABLE"), defaults)).toEqual([]);
  await expect(readExpectedVolumes(failing("COLLECT_PERMISSION_DENIED"), defaults)).rejects.toBeInstanceOf(OsError);
});
