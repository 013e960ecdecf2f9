/** What a test machine leaves outside its process tree: its folder, its control groups, its network. Made, removed and swept here. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { mustRun, runCommand } from "./command.ts";
import { testCacheFolder } from "./image-cache.ts";
import { noteOwner, takeOver } from "./owner.ts";
import { until } from "./until.ts";

/** Folders of one machine by its id. */
export interface Remains {
  readonly id: string;
  readonly folder: string;
  readonly controlGroups: readonly string[];
}

/** Makes the folders of a new machine, with a note of whose it is. */
export async function makeRemains(id: string): Promise<Remains> {
  const remains = remainsOf(id);
  for (const name of ["upper", "work", "root"]) await mkdir(join(remains.folder, name), { recursive: true });
  noteOwner(remains.folder);
  for (const group of remains.controlGroups) await mkdir(group, { recursive: true });
  return remains;
}

/** Removes everything of a machine that is off. */
export async function removeRemains(id: string): Promise<void> {
  const { folder, controlGroups } = remainsOf(id);
  for (const group of controlGroups) await removeControlGroup(group);
  if (existsSync(`/run/netns/${networkName(id)}`)) await mustRun("ip", ["netns", "delete", networkName(id)]);
  if (existsSync(`/sys/class/net/${switchName(id)}`)) await mustRun("ip", ["link", "delete", switchName(id)]);
  await mustRun("rm", ["-rf", "--one-file-system", folder]);
}

/** Removes what test processes left that were killed before they could tidy up. */
export async function sweepRemains(): Promise<void> {
  const machines = join(testCacheFolder(), "machines");
  if (!existsSync(machines)) return;
  for (const id of readdirSync(machines)) if (takeOver(join(machines, id))) await removeRemains(id);
}

/** A point-to-point network between this computer and a machine. */
export interface OwnNetwork {
  /** Name of the network namespace, as `ip netns` has it. */
  readonly name: string;
  /** This computer's address in it. */
  readonly hostAddress: string;
  readonly machineAddress: string;
  /** Plugs the cable in or out. */
  setLink(state: "up" | "down"): Promise<void>;
  /** The machine forgets the network cards that it knows (ARP), as it does after some time without a word. */
  forgetNeighbours(): Promise<void>;
}

/** A site's network: a switch on this computer, which machines are plugged into. `await using` takes it away when they are gone. */
export interface SiteNetwork extends AsyncDisposable {
  /** Name of the switch. */
  readonly name: string;
  /** This computer's address in it: the site's gateway. */
  readonly hostAddress: string;
  /** The next free address. */
  nextAddress(): string;
}

/** Makes a network of 254 addresses out of 10.232.0.0/16. It lives until it is disposed of, or until the next test tidies up after this process. */
export async function makeSiteNetwork(): Promise<SiteNetwork> {
  const id = await makeNote();
  const name = switchName(id);
  await mustRun("ip", ["link", "add", name, "type", "bridge"]);
  for (let number = 0; number < 256; number++) {
    const hostAddress = `10.232.${number}.1`;
    const { stdout } = await runCommand("ip", ["-oneline", "address", "show", "to", `${hostAddress}/24`]);
    if (stdout !== "") continue;
    await mustRun("ip", ["address", "add", `${hostAddress}/24`, "dev", name]);
    await mustRun("ip", ["link", "set", name, "up"]);
    let last = 1;
    const nextAddress = () => `10.232.${number}.${(last += 1)}`;
    return { name, hostAddress, nextAddress, [Symbol.asyncDispose]: () => removeRemains(id) };
  }
  throw new Error("No free network for the test site.");
}

/** A place in a site's network for a program of this computer, such as a browser: what other tests do to this computer's interfaces is not seen there. */
export async function makeSitePlace(site: SiteNetwork): Promise<OwnNetwork & AsyncDisposable> {
  const id = await makeNote();
  const network = await makeOwnNetwork(id, site);
  // Of IPv6 an address comes by itself a second later, when a browser may have begun to load.
  const withoutLaterAddress = "f=/proc/sys/net/ipv6/conf/host0/disable_ipv6; [ ! -e $f ] || echo 1 > $f";
  await mustRun("ip", ["netns", "exec", network.name, "sh", "-c", withoutLaterAddress]);
  return { ...network, [Symbol.asyncDispose]: () => removeRemains(id) };
}

/** Notes whose the network is that is about to be made. @returns its id */
async function makeNote(): Promise<string> {
  const { id, folder } = remainsOf(crypto.randomUUID());
  await mkdir(folder, { recursive: true });
  noteOwner(folder);
  return id;
}

/** Makes a network for a machine: of two addresses out of 10.231.0.0/16, or a place in a site's network. It lives until removeRemains. */
export async function makeOwnNetwork(id: string, site?: SiteNetwork): Promise<OwnNetwork> {
  const name = networkName(id);
  await mustRun("ip", ["netns", "add", name]);
  for (let number = 0; number < 16_384; number++) {
    const link = `hwtest${number}`;
    const { exitCode, stderr } = await runCommand("ip", ["link", "add", link, "type", "veth", "peer", "name", "host0", "netns", name]);
    if (exitCode !== 0 && stderr.includes("File exists")) continue;
    if (exitCode !== 0) throw new Error(`No network for the test machine: ${stderr.trim()}`);
    const [hostAddress, machineAddress] = site
      ? [site.hostAddress, site.nextAddress()]
      : ([1, 2].map((end) => `10.231.${number >> 6}.${(number & 63) * 4 + end}`) as [string, string]);
    const inside = ["-netns", name];
    if (site) await mustRun("ip", ["link", "set", link, "master", site.name]);
    else await mustRun("ip", ["address", "add", `${hostAddress}/30`, "dev", link]);
    await mustRun("ip", ["link", "set", link, "up"]);
    await mustRun("ip", [...inside, "link", "set", "lo", "up"]);
    await mustRun("ip", [...inside, "address", "add", `${machineAddress}/${site ? 24 : 30}`, "dev", "host0"]);
    await mustRun("ip", [...inside, "link", "set", "host0", "up"]);
    await mustRun("ip", [...inside, "route", "add", "default", "via", hostAddress]);
    return {
      name,
      hostAddress,
      machineAddress,
      setLink: async (state) => void (await mustRun("ip", ["link", "set", link, state])),
      forgetNeighbours: async () => void (await mustRun("ip", [...inside, "neighbour", "flush", "dev", "host0"])),
    };
  }
  throw new Error("No free network for the test machine.");
}

/** Names of network devices have fifteen characters at most. */
const switchName = (id: string): string => `hws${id.replaceAll("-", "").slice(0, 12)}`;

function networkName(id: string): string {
  return `hauswart-test-${id}`;
}

function remainsOf(id: string): Remains {
  const groups = controlGroupFolders().map((folder) => join(folder, `hauswart-test-${id}`));
  return { id, folder: join(testCacheFolder(), "machines", id), controlGroups: groups };
}

/**
 * This process's own control group in the hierarchies that systemd uses: the unified one, and version 1's named one where it
 * exists. Without a group of its own each machine would share the group "payload" with its neighbours and stop their services.
 */
function controlGroupFolders(): string[] {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" "));
  const mountOf = (matches: (type: string, options: string) => boolean): string | undefined =>
    mounts.find((fields) => {
      const separator = fields.indexOf("-");
      return separator > 0 && matches(fields[separator + 1] ?? "", fields[separator + 3] ?? "");
    })?.[4];
  const own = readFileSync("/proc/self/cgroup", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const hierarchies: [id: string, mount: string | undefined][] = [
    ["name=systemd", mountOf((type, options) => type === "cgroup" && options.split(",").includes("name=systemd"))],
    ["", mountOf((type) => type === "cgroup2")],
  ];
  return hierarchies.flatMap(([name, mount]) => {
    const path = own.find((fields) => fields[1] === name)?.[2];
    return mount !== undefined && path !== undefined && existsSync(join(mount, path)) ? [join(mount, path)] : [];
  });
}

/** Removes a control group and those below it. Processes that were killed end in their own time, and the kernel frees a group after its last. */
async function removeControlGroup(group: string): Promise<void> {
  if (!existsSync(group)) return;
  await until(
    () => `the end of what runs in ${group}: ${readFileSync(join(group, "cgroup.procs"), "utf8").trim().replaceAll("\n", ", ")}`,
    async () => {
      try {
        for (const entry of readdirSync(group, { withFileTypes: true }))
          if (entry.isDirectory()) await removeControlGroup(join(group, entry.name));
        await rmdir(group);
        return true;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== "EBUSY" && code !== "ENOENT") throw error;
        return code === "ENOENT";
      }
    },
  );
}
