/** Columns of the list of devices. */
import type { Device } from "@hauswart/protocol/api/models.ts";
import { useMemo } from "react";
import { Ago, Moment } from "../../components/Ago.tsx";
import { DeviceLink } from "../../components/links.tsx";
import { PresenceText, usePresenceWords } from "../../components/presence.tsx";
import { StateCounts, StateMark } from "../../components/StateMark.tsx";
import type { Column } from "../../components/table/columns.ts";
import { useTexts } from "../../texts/texts.tsx";

type Texts = ReturnType<typeof useTexts>;

/** @param withCustomer whether rows may belong to different customers. */
export function useDeviceColumns(withCustomer: boolean): readonly Column<Device>[] {
  const texts = useTexts();
  const words = usePresenceWords();
  return useMemo(() => [...leadingColumns(texts, withCustomer), ...detailColumns(texts, words)], [texts, words, withCustomer]);
}

/** Which device, whose, and how it is. */
function leadingColumns(texts: Texts, withCustomer: boolean): Column<Device>[] {
  const columns: (Column<Device> | false)[] = [
    {
      id: "state",
      header: texts.devices.state,
      width: 116,
      cell: (device) => <StateMark state={device.state} />,
      value: (device) => texts.states[device.state],
    },
    {
      id: "name",
      header: texts.devices.name,
      width: 220,
      grow: 2,
      main: true,
      cell: (device) => (
        <>
          <DeviceLink deviceId={device.deviceId}>{device.name}</DeviceLink>
          {device.lifecycle !== "active" && <span className="dimmed"> {texts.devices.lifecycles[device.lifecycle]}</span>}
        </>
      ),
      value: (device) => device.name,
    },
    withCustomer && {
      id: "customer",
      header: texts.devices.customer,
      from: "sm",
      width: 170,
      grow: 1,
      value: (device) => device.customerName,
    },
    {
      id: "site",
      header: texts.devices.site,
      from: "md",
      width: 120,
      grow: 0.5,
      value: (device) => device.siteName,
    },
    {
      id: "findings",
      header: texts.devices.findings,
      from: "sm",
      width: 90,
      cell: (device) => <StateCounts {...device.openFindings} />,
      value: (device) => device.openFindings.failure + device.openFindings.warning,
    },
  ];
  return columns.filter((column) => column !== false);
}

/** What else there is to know, for wider screens. */
function detailColumns(texts: Texts, words: ReturnType<typeof usePresenceWords>): Column<Device>[] {
  return [
    {
      id: "presence",
      header: texts.devices.presence,
      from: "md",
      width: 240,
      grow: 0.5,
      cell: (device) => <PresenceText presence={device.presence} short />,
      value: (device) => words(device.presence),
    },
    {
      id: "role",
      header: texts.devices.role,
      from: "xl",
      width: 106,
      value: (device) => texts.devices.roles[device.role],
    },
    {
      id: "system",
      header: texts.devices.system,
      from: "lg",
      width: 200,
      grow: 0.5,
      cell: (device) => <span title={device.systemName}>{device.systemName}</span>,
      value: (device) => device.systemName,
    },
    {
      id: "tags",
      header: texts.devices.tags,
      from: "xl",
      width: 170,
      cell: ({ tags }) => <span title={tags.join(", ")}>{tags.join(", ")}</span>,
      value: (device) => device.tags.join(", "),
    },
    {
      id: "hostname",
      header: "Hostname",
      from: "lg",
      width: 180,
      optional: true,
      value: (device) => device.hostname,
    },
    {
      id: "agent",
      header: texts.devices.agent,
      from: "xl",
      width: 76,
      value: (device) => device.agentVersion,
    },
    {
      id: "booted",
      header: texts.devices.booted,
      from: "xl",
      optional: true,
      width: 110,
      cell: (device) => <Ago at={device.bootedAt} short />,
      value: (device) => device.bootedAt,
    },
    {
      id: "enrolled",
      header: texts.devices.enrolled,
      from: "lg",
      optional: true,
      width: 160,
      cell: (device) => <Moment at={device.enrolledAt} />,
      value: (device) => device.enrolledAt,
    },
  ];
}
