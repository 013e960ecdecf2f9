/**
 * Devices in the network that speak SNMP.
 *
 * 1: 2026-11-22 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import { snmpAccessReasons, snmpAccessSelection } from "@hauswart/protocol/snmp-access.ts";
import { z } from "zod";

export const snmpDiscovery = defineCheck({
  id: "snmp-discovery",
  topic: "network",
  version: 1,
  description: "Finds the devices in a network that speak SNMP: printers, switches, power supplies.",
  promises: ["MON-10"],
  cycle: { daily: true },
  failuresBeforeFinding: 1,
  sample: z.object({
    networks: fact.text("The networks that were searched."),
    isPartial: fact.flag("Whether there were more addresses than are searched at a time."),
    searchedCount: series.count("Addresses that were asked."),
    devicesCount: series.count("Addresses that answered."),
    devices: list({
      address: subject("The device's address."),
      kind: fact.oneOf(["printer", "power-supply", "network", "computer", "other"], "What it seems to be, by what it answers."),
      name: fact.text("What it calls itself (sysName)."),
      description: fact.text("What it says it is (sysDescr)."),
      place: fact.text("Where it says it stands (sysLocation)."),
      firstSeenAt: fact
        .moment("When this agent first found it, Unix time in milliseconds; null when it was there at the first search.")
        .nullable(),
    }),
  }),
  selection: z.object({
    networks: setting.names([], "Networks to search, such as 192.168.1.0/24; empty: the ones that the computer stands in."),
    portNumber: setting.count(161, "Port of the devices.", 65_535),
    ...snmpAccessSelection,
    answerWithinMs: setting.milliseconds(500, "An answer may take this long.", 1_000),
  }),
  judgement: z.object({
    reportNewDays: setting.days(0, "Warns of a device that was not there before for this long; 0 = never."),
  }),
  findings: {
    "new-device": { description: "A device answers that was not there before.", raises: ["warning"] },
  },
  noData: ["unreadable-network", "no-network", ...snmpAccessReasons],
  onByDefault: false,
});

export default [snmpDiscovery];
