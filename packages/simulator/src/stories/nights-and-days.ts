/**
 * Stories that take hours or days, as a house lives through them. They begin with the first server and the office around it;
 * tests/stories tells them in seconds and holds the mails that come of them.
 */
import type { SimulatedComputer } from "../computer.ts";
import { cutOff, flapService, goBetween, holdSignatures, stopService, type Story } from "./story.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const firstServer = (computers: readonly SimulatedComputer[]) => computers.find(({ role }) => role === "server");
/** The computers up to and with the first server: one office. */
const firstOffice = (computers: readonly SimulatedComputer[]) =>
  computers.slice(0, computers.findIndex(({ role }) => role === "server") + 1);

export const flappingDay: Story = {
  name: "flapping-day",
  description: "On the first server a service is down for 6 minutes in every 25, for eight hours; then it stays up.",
  tell(computers, startMs) {
    const server = firstServer(computers);
    if (server) flapService(server, 3, 25, startMs, { downMinutes: 6, endMs: startMs + 8 * hourMs });
  },
};

export const siteOutageOvernight: Story = {
  name: "site-outage-overnight",
  description:
    "The first office is cut off for seven hours. Its workstations but the first are shut down an hour before and started an hour after.",
  tell(computers, startMs) {
    for (const [at, computer] of firstOffice(computers).entries()) {
      if (computer.role === "workstation" && at > 0) goBetween(computer, "shutdown", startMs - hourMs, startMs + 8 * hourMs);
      else cutOff(computer, startMs, startMs + 7 * hourMs);
    }
  },
};

export const patchNight: Story = {
  name: "patch-night",
  description:
    "The first office is patched for three hours: its server restarts twice, and one service of it does not come back until somebody starts it six hours later.",
  tell(computers, startMs) {
    for (const computer of firstOffice(computers)) {
      if (computer.role === "workstation") goBetween(computer, "restart", startMs + 20 * minuteMs, startMs + 32 * minuteMs);
      else {
        goBetween(computer, "restart", startMs + 40 * minuteMs, startMs + 55 * minuteMs);
        goBetween(computer, "restart", startMs + 70 * minuteMs, startMs + 78 * minuteMs);
        stopService(computer, 4, startMs + 30 * minuteMs, startMs + 65 * minuteMs);
        stopService(computer, 3, startMs + 70 * minuteMs, startMs + 9 * hourMs);
      }
    }
  },
};

export const antivirusLag: Story = {
  name: "antivirus-lag",
  description: "The computers of the first office get no new antivirus signatures for six days.",
  tell(computers, startMs) {
    for (const computer of firstOffice(computers)) holdSignatures(computer, startMs, startMs + 6 * 24 * hourMs);
  },
};

export const nightsAndDays: readonly Story[] = [flappingDay, siteOutageOvernight, patchNight, antivirusLag];
