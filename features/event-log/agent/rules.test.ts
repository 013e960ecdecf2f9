import { describe, expect, test } from "bun:test";
import { eventLog } from "../protocol.ts";
import { parseOwnRule } from "../protocol/own-rule.ts";
import type { Occurrence } from "./occurrence.ts";
import { reader as linux } from "./read-events.linux.ts";
import { reader as win32 } from "./read-events.windows.ts";
import { isExcluded, ownRulesOf, rulesOf } from "./rules.ts";

const occurrence = (changes: Partial<Occurrence>): Occurrence => ({
  at: 0,
  log: "journal",
  source: "",
  eventId: "",
  level: "error",
  text: "",
  ...changes,
});
const all = eventLog.selection.parse({});
const ruleFor = (reader: typeof linux, of: Partial<Occurrence>) =>
  rulesOf(all, reader.curated, []).find(({ fits }) => fits(occurrence(of)))?.name;

describe("the kernel says", () => {
  test.each<[string, string | undefined]>([
    ["I/O error, dev sda, sector 976773160 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 2", "disk-error"],
    ["blk_update_request: I/O error, dev nvme0n1, sector 0 op 0x1:(WRITE)", "disk-error"],
    ["Buffer I/O error on dev sdb1, logical block 0, async page read", "disk-error"],
    ["critical medium error, dev sdc, sector 1953520816", "disk-error"],
    ["ata1.00: failed command: READ FPDMA QUEUED", "disk-error"],
    ["I/O error, dev sr0, sector 0 op 0x0:(READ)", undefined],
    ["Buffer I/O error on dev loop4, logical block 0", undefined],
    ["I/O error, dev fd0, sector 0", undefined],
    ["ata1: hard resetting link", "storage-reset"],
    ["nvme nvme0: I/O 23 QID 4 timeout, aborting", "storage-reset"],
    ["EXT4-fs error (device sda1): ext4_lookup:1855: inode #2: comm ls: deleted inode referenced: 12", "file-system-error"],
    ["EXT4-fs (sda1): Remounting filesystem read-only", "file-system-error"],
    ["XFS (dm-0): Metadata corruption detected at xfs_inode_buf_verify", "file-system-error"],
    ["BTRFS critical (device sdb): corrupt leaf", "file-system-error"],
    ["EXT4-fs (sda1): mounted filesystem with ordered data mode", undefined],
    ["md/raid1:md0: Disk failure on sdb1, disabling device.", "raid-degraded"],
    ["mce: [Hardware Error]: Machine check events logged", "hardware-error"],
    ["EDAC MC0: 1 UE memory read error on CPU_SrcID#0", "hardware-error"],
    ["EDAC MC0: 1 CE memory read error on CPU_SrcID#0", "hardware-corrected"],
    ["mce: CPU3: Core temperature above threshold, cpu clock throttled", "overheating"],
    ["Out of memory: Killed process 4711 (java) total-vm:8123456kB", "memory-exhausted"],
    ["Memory cgroup out of memory: Killed process 12 (stress)", "memory-exhausted"],
    ["BUG: unable to handle page fault for address: ffffb1", "system-crash"],
    ["watchdog: BUG: soft lockup - CPU#1 stuck for 22s!", "system-stalls"],
    ["INFO: task jbd2/sda1-8:311 blocked for more than 120 seconds.", "system-stalls"],
    ["scanner[2211]: segfault at 18 ip 00007f12 sp 00007ffd error 4 in libsane.so.1", "program-crash"],
    ["traps: chrome[9] trap int3 ip:55 sp:7f error:0", "program-crash"],
    ["usb 1-1: new high-speed USB device number 4", undefined],
  ])("%s", (text, expected) => {
    expect(ruleFor(linux, { log: "kernel", source: "kernel", level: "information", text })).toBe(expected as never);
    // What any user can write is not the kernel's word.
    expect(ruleFor(linux, { log: "syslog", source: "kernel", level: "information", text })).toBeUndefined();
  });
});

test.each<[string, Partial<Occurrence>, string | undefined]>([
  ["a unit that failed", { source: "systemd", eventId: "d9b373ed55a64feb8242e02dbe79a49c", level: "warning" }, "service-failed"],
  ["a core dump", { source: "systemd-coredump", eventId: "fc2e22bc6ee647b6b90729ab34a250b1" }, "program-crash"],
  ["an alert", { source: "ups", level: "critical" }, "critical-entry"],
  ["a wrong password, which sudo calls an alert", { source: "sudo", level: "critical" }, undefined],
  ["an error of some program", { source: "cups" }, undefined],
])("the journal: %s", (_, of, expected) => expect(ruleFor(linux, of)).toBe(expected as never));

describe("Windows", () => {
  test.each<[string, string, number, Occurrence["level"], string | undefined]>([
    ["System", "EventLog", 6008, "error", "unexpected-shutdown"],
    ["System", "Microsoft-Windows-Kernel-Power", 41, "critical", "unexpected-shutdown"],
    ["System", "Microsoft-Windows-WER-SystemErrorReporting", 1001, "error", "system-crash"],
    ["Application", "Windows Error Reporting", 1001, "information", undefined],
    ["System", "disk", 7, "error", "disk-error"],
    ["System", "Disk", 51, "warning", "disk-error"],
    ["System", "disk", 153, "warning", "storage-reset"],
    ["System", "storahci", 129, "warning", "storage-reset"],
    ["System", "Ntfs", 55, "error", "file-system-error"],
    ["System", "Microsoft-Windows-Ntfs", 98, "error", "file-system-error"],
    ["System", "Microsoft-Windows-Ntfs", 98, "information", undefined],
    ["System", "Service Control Manager", 7031, "error", "service-crashed"],
    ["System", "Service Control Manager", 7036, "information", undefined],
    ["System", "Microsoft-Windows-WHEA-Logger", 18, "error", "hardware-error"],
    ["System", "Microsoft-Windows-WHEA-Logger", 17, "warning", "hardware-corrected"],
    ["System", "Microsoft-Windows-Time-Service", 36, "warning", "time-service"],
    ["System", "volsnap", 25, "error", "shadow-copy"],
    ["Application", "VSS", 12289, "error", "shadow-copy"],
    ["Microsoft-Windows-Backup", "Microsoft-Windows-Backup", 517, "error", "backup-failed"],
    ["Microsoft-Windows-Backup", "Microsoft-Windows-Backup", 4, "information", undefined],
    ["Application", "Microsoft-Windows-CertificationAuthority", 100, "error", "certificate-services"],
    ["Directory Service", "NTDS Replication", 2042, "error", "active-directory"],
    ["DFS Replication", "DFSR", 2213, "warning", "file-replication"],
    ["DNS Server", "DNS", 4013, "warning", "dns-server"],
    ["Application", "ESENT", 474, "error", "database-damaged"],
    ["Application", "MSSQL$SQLEXPRESS", 823, "error", "database-damaged"],
    ["System", "Tcpip", 4199, "error", "duplicate-address"],
    ["Security", "Microsoft-Windows-Eventlog", 1102, "information", "log-cleared"],
    ["Application", "Application Error", 1000, "error", "program-crash"],
    ["System", "Microsoft-Windows-DistributedCOM", 10016, "warning", undefined],
    ["System", "SomeDriver", 3, "critical", "critical-entry"],
  ])("%s, %s %i, %s", (log, source, eventId, level, expected) => {
    expect(ruleFor(win32, { log, source, eventId: String(eventId), level })).toBe(expected as never);
  });
});

describe("a rule of one's own", () => {
  const line =
    "Veeam: log=Application; source=Veeam*; id=190,191; level=error; text=*failed*|*aborted*; count=2; minutes=120; severity=failure";
  test("is read", () =>
    expect(parseOwnRule(line)).toEqual({
      name: "Veeam",
      logs: ["Application"],
      sources: ["Veeam*"],
      ids: ["190", "191"],
      texts: ["*failed*", "*aborted*"],
      level: "error",
      severity: "failure",
      fromCount: 2,
      withinMinutes: 120,
    }));

  test.each<[string, RegExp]>([
    ["no colon", /begins with a name/],
    [": source=a", /begins with a name/],
    ["Name: source", /no part of the form/],
    ["Name: source=", /no part of the form/],
    ["Name: colour=red", /is not known/],
    ["Name: source=a; level=bad", /level is one of/],
    ["Name: source=a; severity=bad", /severity is/],
    ["Name: source=a; count=0", /whole number/],
    ["Name: source=a; minutes=1441", /whole number/],
    ["Name: level=warning", /names a source/],
    ["Name:", /names a source/],
  ])("%s is refused", (text, problem) => {
    expect(parseOwnRule(text)).toMatch(problem);
    expect(eventLog.selection.safeParse({ ownRules: [text] }).success).toBe(false);
  });

  const veeam = (changes: Partial<Occurrence>) =>
    rulesOf(eventLog.selection.parse({ ownRules: [line] }), [], ownRulesOf(eventLog.selection.parse({ ownRules: [line] }))).some(
      ({ fits }) => fits(occurrence({ log: "Application", source: "Veeam Agent", eventId: "190", text: "Job failed", ...changes })),
    );
  test.each<[Partial<Occurrence>, boolean]>([
    [{}, true],
    [{ level: "critical" }, true],
    [{ level: "warning" }, false],
    [{ log: "System" }, false],
    [{ source: "veeam" }, false],
    [{ eventId: "192" }, false],
    [{ text: "Job aborted by user" }, true],
    [{ text: "Job done" }, false],
  ])("%j fits: %p", (changes, expected) => expect(veeam(changes)).toBe(expected));

  test("replaces a curated one of its name; curated ones can be left out", () => {
    const names = (changes: object) => {
      const selection = eventLog.selection.parse(changes);
      return rulesOf(selection, linux.curated, ownRulesOf(selection));
    };
    const replaced = names({ ownRules: ["disk-error: source=kernel; text=*I/O error*; count=9"] }).filter(
      ({ name }) => name === "disk-error",
    );
    expect(replaced).toMatchObject([{ isOwn: true, fromCount: 9 }]);
    expect(names({ without: ["disk-*", "critical-entry"] }).map(({ name }) => name)).not.toContain("disk-error");
    expect(names({ curated: false })).toEqual([]);
  });
});

test.each<[string[], boolean]>([
  [[], false],
  [["DCOM"], true],
  [["DCOM/10016"], true],
  [["DCOM/1"], false],
  [["D*"], true],
])("excluded by %j: %p", (exclude, expected) =>
  expect(isExcluded({ ...all, exclude }, occurrence({ source: "DCOM", eventId: "10016" }))).toBe(expected),
);
