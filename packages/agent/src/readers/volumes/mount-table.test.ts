import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chooseVolumes, parseMountInfo, unescapeOctal } from "./mount-table.ts";
import type { VolumeSelection } from "./volume.ts";

const recorded = (name: string) => parseMountInfo(readFileSync(join(import.meta.dir, "testdata", `${name}.mountinfo`), "utf8"));
const defaults: VolumeSelection = { include: [], exclude: [], networkVolumes: false, removableVolumes: false, readOnlyVolumes: false };
const chosen = (name: string, selection: Partial<VolumeSelection> = {}) =>
  chooseVolumes(recorded(name), { ...defaults, ...selection }).map(({ mountPoint }) => mountPoint);

const odd = "/srv/Kunden \\ Akten\talt";

describe("the volumes of", () => {
  test.each<[string, string, Partial<VolumeSelection>, string[]]>([
    ["a desktop: disks, each once", "debian-desktop", {}, ["/", "/boot/efi", "/home", odd]],
    ["a desktop with network volumes", "debian-desktop", { networkVolumes: true }, ["/", "/boot/efi", "/home", "/mnt/nas", odd]],
    [
      "a desktop with what is plugged in",
      "debian-desktop",
      { removableVolumes: true },
      ["/", "/boot/efi", "/home", "/media/erika/STICK", odd],
    ],
    [
      "a desktop with what cannot be written",
      "debian-desktop",
      { readOnlyVolumes: true },
      ["/", "/boot/efi", "/home", "/mnt/archive", odd],
    ],
    [
      "a desktop with plugged-in media of all kinds",
      "debian-desktop",
      { readOnlyVolumes: true, removableVolumes: true, exclude: ["/srv/*", "/boot/*", "/mnt/*"] },
      ["/", "/home", "/media/erika/DEBIAN", "/media/erika/STICK"],
    ],
    ["a desktop without some", "debian-desktop", { exclude: ["/srv/*", "/home"] }, ["/", "/boot/efi"]],
    ["a desktop, only these", "debian-desktop", { include: ["/home", "/srv/K*"] }, ["/home", odd]],
    ["a desktop, a network volume by its full name", "debian-desktop", { include: ["/", "/mnt/nas"] }, ["/", "/mnt/nas"]],
    ["a desktop, but a pattern does not reach the network", "debian-desktop", { include: ["*"] }, ["/", "/boot/efi", "/home", odd]],
    ["subvolumes and datasets, which share their space", "btrfs-zfs", {}, ["/", "/tank"]],
    ["a container: its root and its data, not the files of the host", "docker", {}, ["/", "/data"]],
    [
      "a container host: its disks, not those of the containers; the later of two mounts at one place",
      "docker-host",
      {},
      ["/", "/data", "/var/lib/docker"],
    ],
    ["a recorded nspawn computer", "nspawn", {}, ["/"]],
  ])("%s", (_, table, selection, expected) => {
    expect(chosen(table, selection)).toEqual(expected);
  });

  test("a computer whose root lives in memory", () => {
    expect(
      chooseVolumes(parseMountInfo("1 0 0:2 / / rw - tmpfs tmpfs rw\n2 1 8:1 / /data rw - ext4 /dev/sda1 rw"), defaults).map(
        ({ mountPoint }) => mountPoint,
      ),
    ).toEqual(["/data"]);
  });
});

test("the later mount at one place hides the earlier", () => {
  const data = chooseVolumes(recorded("docker-host"), defaults).find(({ mountPoint }) => mountPoint === "/data");
  expect(data?.source).toBe("/dev/sde1");
});

test.each([
  ["a table that ends in the middle of a line", "28 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n29 28 8:2 / /ho", ["/"]],
  ["no table", "", []],
  ["something else", "hello world\n - \n", []],
])("%s is read as far as it goes", (_, text, expected) => {
  expect(parseMountInfo(text).map(({ mountPoint }) => mountPoint)).toEqual(expected);
});

test("octal escapes stand for blanks, tabs, line ends and backslashes", () => {
  expect(unescapeOctal("a\\040b\\011c\\012d\\134e\\1f")).toBe("a b\tc\nd\\e\\1f");
});
