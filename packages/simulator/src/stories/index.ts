/** The stories by name. `npm run simulate -- --story NAME`. */
import { nightsAndDays } from "./nights-and-days.ts";
import { cutOff, fillVolume, flapService, stopService, type Story } from "./story.ts";

const minuteMs = 60_000;

const calm: Story = { name: "calm", description: "Everything is well.", tell() {} };

const diskFilling: Story = {
  name: "disk-filling",
  description: "On every tenth computer the first volume fills from 30 % to 2 % free within ten minutes.",
  tell(computers, startMs) {
    for (const computer of computers) if (computer.index % 10 === 0) fillVolume(computer, 0, 0.3, 0.02, 10, startMs);
  },
};

const serviceFlapping: Story = {
  name: "service-flapping",
  description: "On every tenth computer a service stops and starts every two minutes.",
  tell(computers, startMs) {
    for (const computer of computers) if (computer.index % 10 === 0) flapService(computer, 0, 2, startMs);
  },
};

const siteOffline: Story = {
  name: "site-offline",
  description: "The first fifth of the fleet is cut off after one minute, for five minutes.",
  tell(computers, startMs) {
    for (const computer of computers) {
      if (computer.index < computers.length / 5) cutOff(computer, startMs + minuteMs, startMs + 6 * minuteMs);
    }
  },
};

const reconnectStorm: Story = {
  name: "reconnect-storm",
  description: "After one minute every computer loses its connection at once, for ten seconds.",
  tell(computers, startMs) {
    for (const computer of computers) cutOff(computer, startMs + minuteMs, startMs + minuteMs + 10_000);
  },
};

const demonstration: Story = {
  name: "demo",
  description: "A fleet on an ordinary day: one full disk, one filling, a stopped service, a busy server, a computer to be restarted.",
  tell(computers, startMs) {
    const server = computers.filter(({ role }) => role === "server");
    const workstation = computers.filter(({ role }) => role === "workstation");
    if (workstation[3]) fillVolume(workstation[3], 0, 0.03, 0.03, 1, startMs);
    if (workstation[11]) fillVolume(workstation[11], 0, 0.16, 0.06, 20, startMs);
    if (server[1]) stopService(server[1], 3, startMs);
    if (server[4]) server[4].processorPercent = () => 97;
    if (workstation[17]) workstation[17].restartPending = () => true;
    if (workstation[23]) cutOff(workstation[23], startMs + 2 * minuteMs, Number.POSITIVE_INFINITY);
  },
};

export const stories: ReadonlyMap<string, Story> = new Map(
  [calm, diskFilling, serviceFlapping, siteOffline, reconnectStorm, demonstration, ...nightsAndDays].map((story) => [story.name, story]),
);
