/**
 * Values of devices that speak SNMP.
 *
 * 1: 2026-11-22 first version.
 * 2: 2026-11-22 interfaces that the device no longer names.
 */
import { addressFamily } from "@hauswart/protocol/address-family.ts";
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import { snmpAccessReasons, snmpAccessSelection } from "@hauswart/protocol/snmp-access.ts";
import { z } from "zod";

export const snmp = defineCheck({
  id: "snmp",
  topic: "network",
  version: 2,
  readsFrom: 1,
  description: "Values of printers, switches, power supplies and other devices that speak SNMP.",
  promises: ["MON-10"],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 2,
  sample: z.object({
    target: fact.text("The name or address that was asked."),
    address: fact.text("The address that its name led to; empty when it led to none."),
    outcome: fact.oneOf(
      ["answered", "no-answer", "refused", "broken", "name-unknown"],
      "What came of it: an answer, silence (which a wrong community gets as well), a no, an answer that is none, or there is no such name.",
    ),
    problem: fact.text("What went wrong; empty when nothing did."),
    deviceName: fact.text("What the device calls itself (sysName)."),
    description: fact.text("What it says it is (sysDescr)."),
    place: fact.text("Where it says it stands (sysLocation)."),
    uptimeSeconds: series.seconds("How long it has been running (sysUpTime); null when it does not say.").nullable(),
    values: list({
      name: subject("What the settings call the value."),
      oid: fact.text("Where the device keeps it."),
      text: fact.text("What the device says, when it is no number."),
      problem: fact.text("Why there is no value; empty when there is."),
      value: series.number("What the device says, when it is a number.").nullable(),
      perSecond: series.number("How much a counter rose in a second; null for what is none, and after a restart.").nullable(),
    }),
    interfaces: list({
      name: subject("The interface's name."),
      alias: fact.text("What the administrator calls it."),
      wanted: fact.oneOf(["up", "down", "testing", "unknown"], "What the administrator set it to."),
      state: fact.oneOf(["up", "down", "testing", "unknown", "dormant", "not-present", "lower-layer-down"], "What it does (ifOperStatus)."),
      megabitCount: fact.count("Its speed in megabits per second; 0 when it does not say."),
      inBitsPerSecond: series.number("Received bits per second; null at first, and after a restart.").nullable(),
      outBitsPerSecond: series.number("Sent bits per second; null at first, and after a restart.").nullable(),
      errorsPerMinute: series
        .number("Packets with errors per minute, both ways; null at first, after a restart, and when the counters were set back.")
        .nullable(),
    }),
    goneInterfaces: fact
      .rows(
        {
          name: fact.text("The interface's name."),
          alias: fact.text("What the administrator called it."),
          state: fact.oneOf(
            ["not-present", "unknown"],
            "not-present: the device names others and not this one; unknown: it names none, or more than are read.",
          ),
        },
        "Interfaces that the device named within the last 30 days and does not name now; left out by agents that do not say.",
      )
      .optional(),
    supplies: list({
      name: subject("The supply: toner, ink, drum, waste box."),
      state: fact.oneOf(
        ["measured", "some-left", "unknown"],
        "Whether the printer measures it, only says that some is left, or says nothing.",
      ),
      levelPercent: series.percent("What is left of it, or of the room in it; null when it is not measured.").nullable(),
    }),
    printerProblems: fact.text(
      "What the printer says is wrong, as words with commas between them; empty when nothing is, or for no printer; not-told when it says nothing about it.",
    ),
    isPrinter: fact.flag("Whether it speaks as a printer does, or did within the last 30 days."),
    isUps: fact.flag("Whether it speaks as an uninterruptible power supply does, or did within the last 30 days."),
    upsBattery: fact.oneOf(["none", "unknown", "normal", "low", "depleted"], "State of its battery; none: it is no such power supply."),
    upsSource: fact.oneOf(
      ["none", "other", "off", "normal", "bypass", "battery", "booster", "reducer"],
      "Where its power comes from; none: it is no such power supply.",
    ),
    upsAlarmCount: series.count("Alarms that it has; null when it does not say.").nullable(),
    upsChargePercent: series.percent("Charge of its battery; null when it does not say.").nullable(),
    upsLoadPercent: series.percent("Its largest load; null when it does not say.").nullable(),
    upsRemainingSeconds: series.seconds("How long its battery would last; null when it does not say.").nullable(),
    upsOnBatterySeconds: series.seconds("How long it has been running on its battery; null when it does not say.").nullable(),
  }),
  selection: z.object({
    target: setting.text("", "Name or address of the device; empty: the name of this instance.", 253),
    portNumber: setting.count(161, "Port of the device.", 65_535),
    family: addressFamily,
    ...snmpAccessSelection,
    answerWithinMs: setting.milliseconds(2_000, "An answer may take this long; a question is asked twice.", 5_000),
    values: setting.names([], "Values to read, each as Name = OID: Temperature = 1.3.6.1.4.1.318.1.1.10.2.3.2.1.4.1."),
    interfaces: setting.flag(true, "Read the network interfaces."),
    printer: setting.flag(true, "Read supplies and problems, where the device is a printer."),
    ups: setting.flag(true, "Read battery and load, where the device is an uninterruptible power supply."),
  }),
  judgement: z.object({
    limits: setting.names([], "When a value is bad, each as Name, comparison, value, severity: Temperature > 40 warning."),
    interfacesUp: setting.names([], "Interfaces that must be up; * stands for any characters."),
    errorsPerMinuteAbove: setting.count(10, "Warning when an interface has more packets with errors in a minute; 0 = never.", 1_000_000),
    supplyWarningPercent: setting.percent(10, "Warning when less of a supply is left."),
    supplyFailurePercent: setting.percent(1, "Failure when less of a supply is left."),
    printerProblems: setting.flag(true, "Warn of what a printer says is wrong: paper jam, open door, no paper."),
    chargeFailurePercent: setting.percent(30, "Failure when the battery of a power supply has less charge."),
    remainingFailureMinutes: setting.minutes(5, "Failure when the battery of a power supply would last for less."),
    loadWarningPercent: setting.percent(90, "Warning when a power supply has more load."),
  }),
  findings: {
    "not-answering": { description: "The device does not answer.", raises: ["failure"] },
    value: { description: "A value is beyond its limit.", raises: ["warning", "failure"] },
    "interface-down": { description: "An interface that must be up is not.", raises: ["failure"] },
    "interface-errors": { description: "An interface has many packets with errors.", raises: ["warning"] },
    supply: { description: "A supply of a printer runs out.", raises: ["warning", "failure"] },
    "printer-problem": { description: "A printer says that something is wrong.", raises: ["warning"] },
    "on-battery": { description: "A power supply runs on its battery.", raises: ["warning"] },
    battery: { description: "The battery of a power supply is weak.", raises: ["failure"] },
    load: { description: "A power supply has much load.", raises: ["warning"] },
  },
  noData: ["no-target", "unreadable-value", "no-name-server", "no-connection", ...snmpAccessReasons],
  onByDefault: false,
});

export default [snmp];
