import { describe, expect, test } from "bun:test";
import type { WindowsEvent } from "@hauswart/agent/os/windows/calls.ts";
import type { Attempt } from "./attempt.ts";
import { attemptOf, withoutDoubles } from "./read-attempts.windows.ts";
import { attemptsFrom } from "./sign-in-messages.ts";
import { countOf, namesOf, suspectsOf, tallyFrom, withAttempts, type LoginTally, type TallySettings } from "./tally.ts";

const now = Date.UTC(2026, 10, 22, 12);
const minute = 60_000;
const brief = ({ outcome, account, exists, source, service, count }: Attempt) =>
  `${outcome} ${account || "-"}${exists ? "" : " (not there)"} ${source || "here"} ${service} ${count}`;
const said = (program: string, ...texts: string[]) =>
  attemptsFrom(texts.map((text) => ({ at: now, program, processId: "7", text }))).map(brief);

describe("sshd, PAM and sudo", () => {
  test.each<[string, string, string[]]>([
    ["sshd", "Failed password for anna from 10.0.0.7 port 50022 ssh2", ["failed anna 10.0.0.7 sshd 1"]],
    ["sshd-session", "Failed password for anna from fe80::1 port 50022 ssh2", ["failed anna fe80::1 sshd 1"]],
    ["sshd", "Failed password for invalid user geheim 123 from 10.0.0.7 port 9 ssh2", ["failed geheim 123 (not there) 10.0.0.7 sshd 1"]],
    ["sshd", "Failed password for invalid user  from 10.0.0.7 port 9 ssh2", ["failed - (not there) 10.0.0.7 sshd 1"]],
    ["sshd", "Failed keyboard-interactive/pam for root from 10.0.0.7 port 9 ssh2", ["failed root 10.0.0.7 sshd 1"]],
    ["sshd", "Failed publickey for root from 10.0.0.7 port 9 ssh2: RSA SHA256:abc", []],
    ["sshd", "Accepted publickey for anna from 10.0.0.7 port 9 ssh2: ED25519 SHA256:x", ["succeeded anna 10.0.0.7 sshd 1"]],
    ["sshd", "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=10.0.0.7  user=anna", []],
    [
      "su",
      "pam_unix(su:auth): authentication failure; logname=bob uid=1000 euid=0 tty=/dev/pts/0 ruser=bob rhost=  user=root",
      ["failed root here su 1"],
    ],
    ["sudo", "pam_unix(sudo:auth): 2 more authentication failures; logname= uid=1000 euid=0 tty=/dev/pts/0 ruser=bob rhost=  user=bob", []],
    ["sudo", "     bob : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh", ["failed bob here sudo 3"]],
    ["sudo", "     bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/usr/bin/id", ["succeeded bob here sudo 1"]],
    ["sudo", "     bob : a password is required ; TTY=unknown ; PWD=/ ; USER=root ; COMMAND=/bin/sh", []],
    ["sudo", "    anna : PWD=/ ; USER=root ; COMMAND=/usr/bin/true", ["succeeded anna here sudo 1"]],
    ["sudo", "    anna : 1 incorrect password attempt ; PWD=/ ; USER=root ; COMMAND=/usr/bin/true", ["failed anna here sudo 1"]],
    ["sudo", "    anna : unable to resolve host pc: Name or service not known", []],
    ["su", "pam_unix(su:session): session opened for user root(uid=0) by bob(uid=1000)", ["succeeded root here su 1"]],
    ["CRON", "pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)", []],
    ["systemd", "pam_unix(systemd-user:session): session opened for user anna(uid=1001) by (uid=0)", []],
    [
      "gdm-password]",
      "pam_sss(gdm-password:auth): authentication failure; logname= uid=0 euid=0 tty=/dev/tty1 ruser= rhost= user=anna lang",
      ["failed anna lang here gdm-password 1"],
    ],
  ])("%s: %s", (program, text, expected) => expect(said(program, text)).toEqual(expected));

  test("an account that PAM does not know is none", () => {
    expect(
      said(
        "login",
        "pam_unix(login:auth): check pass; user unknown",
        "pam_unix(login:auth): authentication failure; logname=LOGIN uid=0 euid=0 tty=/dev/tty1 ruser= rhost=",
      ),
    ).toEqual(["failed - (not there) here login 1"]);
  });

  test("two modules that tell of the same failure are one, a module that tells twice is two", () => {
    const line = (module: string) => `pam_${module}(su:auth): authentication failure; logname= uid=0 euid=0 tty= ruser= rhost= user=anna`;
    expect(said("su", line("unix"), line("sss"))).toHaveLength(1);
    expect(said("su", line("unix"), line("unix"))).toHaveLength(2);
  });

  test("on macOS sshd leaves the telling to PAM, and sudo counts by itself", () => {
    const on = (program: string, text: string) => attemptsFrom([{ at: now, program, processId: "7", text }], true).map(brief);
    expect(on("sshd", "error: PAM: authentication error for illegal user hund from 10.0.0.7")).toEqual([
      "failed hund (not there) 10.0.0.7 sshd 1",
    ]);
    expect(on("sshd", "Failed keyboard-interactive/pam for anna from 10.0.0.7 port 9 ssh2")).toEqual([]);
    expect(on("sudo", "anna : 3 incorrect password attempts ; TTY=ttys000 ; PWD=/ ; USER=root ; COMMAND=/bin/ls")).toEqual([
      "failed anna here sudo 3",
    ]);
  });
});

describe("Windows", () => {
  const event = (eventId: number, data: Record<string, string>): WindowsEvent => ({
    channel: "Security",
    provider: "Microsoft-Windows-Security-Auditing",
    eventId,
    level: 0,
    keywords: 0n,
    recordId: 1n,
    at: now,
    computer: "PC-7.house.local",
    userSid: null,
    data,
    message: "",
  });
  test.each<[number, Record<string, string>, string | undefined]>([
    [
      4625,
      { TargetUserName: "anna", Status: "0xc000006d", SubStatus: "0xc000006a", LogonType: "10", IpAddress: "10.0.0.7" },
      "failed anna 10.0.0.7 remote-desktop 1",
    ],
    [
      4625,
      {
        TargetUserName: "geheim",
        Status: "0xC000006D",
        SubStatus: "0xC0000064",
        LogonType: "2",
        IpAddress: "127.0.0.1",
        WorkstationName: "PC-7",
      },
      "failed geheim (not there) here console 1",
    ],
    [
      4625,
      { TargetUserName: "anna", Status: "0xc000006d", SubStatus: "0xc000006a", LogonType: "3", IpAddress: "-", WorkstationName: "PC-9" },
      "failed anna PC-9 network 1",
    ],
    [4776, { TargetUserName: "anna", Workstation: "PC-9", Status: "0xc000006a" }, "failed anna PC-9 ntlm 1"],
    [4776, { TargetUserName: "anna", Workstation: "PC-9", Status: "0x0" }, undefined],
    [4771, { TargetUserName: "anna", IpAddress: "::ffff:10.0.0.9", Status: "0x18" }, "failed anna 10.0.0.9 kerberos 1"],
    [4771, { TargetUserName: "niemand", IpAddress: "::1", Status: "0x6" }, "failed niemand (not there) here kerberos 1"],
    [4740, { TargetUserName: "anna", TargetDomainName: "PC-9" }, "locked anna PC-9 windows 1"],
    [4624, { TargetUserName: "anna", LogonType: "10", IpAddress: "10.0.0.7" }, "succeeded anna 10.0.0.7 remote-desktop 1"],
  ])("%i %j", (eventId, data, expected) => {
    const attempt = attemptOf(event(eventId, data));
    expect(attempt && brief(attempt)).toBe(expected as never);
  });

  test("NTLM's record beside that of the sign-in counts once", () => {
    const ntlm = attemptOf(event(4776, { TargetUserName: "ANNA", Status: "0xc000006a" }))!;
    const network = attemptOf(event(4625, { TargetUserName: "anna", Status: "0xc000006d", LogonType: "3" }))!;
    expect(withoutDoubles([ntlm, network])).toEqual([network]);
    expect(withoutDoubles([ntlm])).toEqual([ntlm]);
    expect(withoutDoubles([{ ...ntlm, at: now - minute }, network])).toHaveLength(2);
  });
});

describe("the tally", () => {
  const settings: TallySettings = { windowMinutes: 60, afterFailures: 10, hideUnknownAccounts: true, isExcluded: () => false };
  const empty = tallyFrom(undefined);
  const attempt = (changes: Partial<Attempt> = {}): Attempt => ({
    at: now,
    outcome: "failed",
    account: "anna",
    exists: true,
    source: "10.0.0.7",
    service: "sshd",
    count: 1,
    ...changes,
  });
  const after = (attempts: readonly Attempt[], changes: Partial<TallySettings> = {}, before: LoginTally = empty) =>
    withAttempts(before, attempts, { ...settings, ...changes }, now);
  const times = (count: number, make: (index: number) => Partial<Attempt>) =>
    Array.from({ length: count }, (_, index) => attempt(make(index)));

  test("counts by account and by source", () => {
    const tally = after([...times(4, () => ({})), ...times(3, () => ({ account: "bert" })), attempt({ source: "10.0.0.8", count: 2 })]);
    expect(countOf(tally.buckets, settings, now)).toBe(9);
    expect(countOf(tally.accounts["anna"]!.buckets, settings, now)).toBe(6);
    expect(namesOf(tally.accounts["anna"]!.names, settings, now)).toBe(2);
    expect(namesOf(tally.sources["10.0.0.7"]!.names, settings, now)).toBe(2);
  });

  test("names of accounts that do not exist stay here, and are told apart all the same", () => {
    const sprayed = times(8, (index) => ({ account: `Kennwort-${index}!`, exists: false }));
    const hidden = after(sprayed);
    expect(JSON.stringify(hidden)).not.toContain("Kennwort");
    expect(Object.keys(hidden.accounts)).toEqual(["?"]);
    expect(namesOf(hidden.sources["10.0.0.7"]!.names, settings, now)).toBe(8);
    expect(Object.keys(after(sprayed, { hideUnknownAccounts: false }).accounts)).toHaveLength(8);
  });

  test("a success after many failures of the account, or from the computer, is suspicious; after few it is not", () => {
    const success = attempt({ outcome: "succeeded", at: now });
    expect(after([...times(9, () => ({})), success]).accounts["anna"]!.succeededAt).toBeNull();
    expect(after([...times(10, () => ({})), success]).accounts["anna"]).toMatchObject({
      succeededAt: now,
      failuresBefore: 10,
      succeededFrom: "10.0.0.7",
    });
    const sprayed = after([...times(10, (index) => ({ account: `user${index}` })), success]);
    expect(sprayed.accounts["anna"]).toMatchObject({ succeededAt: now, failuresBefore: 10 });
    expect(
      after([...times(10, () => ({})), attempt({ outcome: "succeeded", account: "bert", source: "10.0.0.8" })]).accounts["bert"],
    ).toBeUndefined();
    expect(suspectsOf(after(times(10, () => ({}))), settings, now)).toEqual(["anna"]);
  });

  test("old failures do not count, and go in time", () => {
    const tally = after(times(5, () => ({ at: now - 70 * minute })));
    expect(countOf(tally.accounts["anna"]!.buckets, settings, now)).toBe(0);
    expect(withAttempts(tally, [], settings, now + 61 * minute).accounts).toEqual({});
  });

  test("what is excluded does not count", () => {
    expect(
      after(
        times(3, () => ({})),
        { isExcluded: ({ account }) => account === "anna" },
      ),
    ).toEqual(empty);
  });

  test("survives a restart, fits into the agent's memory whatever comes, and damage counts as nothing", () => {
    const flood = times(20_000, (index) => ({
      account: `account-number-${index % 3_000}`,
      source: `2001:db8::${index % 2_000}`,
      at: now - (index % 60) * minute,
    }));
    const tally = after(flood);
    expect(JSON.stringify(tally).length).toBeLessThan(60_000);
    expect(countOf(tally.buckets, settings, now)).toBe(20_000);
    expect(tallyFrom(JSON.parse(JSON.stringify(tally)))).toEqual(tally);
    expect(tallyFrom({ buckets: [], accounts: { anna: 7 }, sources: {} })).toEqual(empty);
    expect(tallyFrom("x")).toEqual(empty);
  });
});
