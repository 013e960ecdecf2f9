/** Entries that lead somewhere: devices, findings, customers, policies, pages. */
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Bell, Building2, MonitorDot, SlidersHorizontal } from "lucide-react";
import { query, wholeList } from "../../api/queries.ts";
import { useSpeech } from "../../texts/texts.tsx";
import { useCustomers, useScope } from "../customers.ts";
import { places, settingsPlaces } from "../navigation.ts";
import type { Entry } from "./entry.ts";
import { mostOfGroup } from "./rank.ts";

/** Findings that are known by name here; a list with more is searched in its own page. */
const mostFindings = 300;

/** @param typed what was typed; devices are searched by the server, the rest is few and is here. */
export function usePlaceEntries(typed: string): Entry[] {
  const { texts } = useSpeech();
  const isTyped = typed.trim() !== "";
  const devices = useDeviceEntries(typed.trim());
  const findings = useFindingEntries(isTyped);
  const policies = usePolicyEntries(isTyped);
  const customers = useCustomers();
  return [
    ...(isTyped ? [...devices, ...findings, ...policies] : []),
    ...(isTyped ? (customers.data ?? []) : []).map(({ customerId, name }): Entry => ({
      id: `customer ${customerId}`,
      group: "customers",
      label: name,
      icon: Building2,
      place: { to: `/customers/${customerId}` },
    })),
    ...[...places, ...settingsPlaces].map((place): Entry => ({
      id: `page ${place.to}`,
      group: "pages",
      label: place.label(texts),
      icon: place.icon,
      place: { to: place.to },
    })),
  ];
}

function useDeviceEntries(typed: string): Entry[] {
  const { texts } = useSpeech();
  const [search] = useDebouncedValue(typed, 120);
  const customerId = useScope();
  const { data } = useQuery({
    ...query("listDevices", { query: { search, limit: mostOfGroup, customerId } }),
    enabled: search !== "",
    placeholderData: keepPreviousData,
  });
  // Their history stays; they come after those that are there.
  const room = mostOfGroup - (data?.items.length ?? mostOfGroup);
  const removed = useQuery({
    ...query("listDevices", { query: { search, limit: Math.max(1, room), customerId, show: "removed" } }),
    enabled: search !== "" && room > 0,
    placeholderData: keepPreviousData,
  });
  const found = [...(data?.items ?? []), ...(room > 0 ? (removed.data?.items ?? []) : [])];
  return (search === "" ? [] : found).map((device) => ({
    id: `device ${device.deviceId}`,
    group: "devices",
    label: device.name,
    description: [device.customerName, device.siteName, device.lifecycle === "revoked" && texts.devices.lifecycles.revoked]
      .filter(Boolean)
      .join(" · "),
    words: [device.hostname, ...device.tags].join(" "),
    icon: MonitorDot,
    ...(device.lifecycle === "revoked" ? {} : { state: device.state }),
    place: { to: `/devices/${device.deviceId}` },
  }));
}

function useFindingEntries(isOn: boolean): Entry[] {
  const { checkTexts } = useSpeech();
  const customerId = useScope();
  const { data } = useQuery({
    ...query("listFindings", { query: { state: "current", limit: mostFindings, customerId } }),
    enabled: isOn,
    staleTime: 30_000,
  });
  return (isOn ? (data?.items ?? []) : []).map((finding) => ({
    id: `finding ${finding.findingId}`,
    group: "findings",
    label: checkTexts(finding.check).title(finding),
    description: [finding.deviceName, finding.customerName].filter(Boolean).join(" · "),
    icon: Bell,
    state: finding.severity,
    place: { to: "/findings", search: { finding: finding.findingId } },
  }));
}

function usePolicyEntries(isOn: boolean): Entry[] {
  const { data } = useQuery({
    queryKey: ["listPolicies", {}, "whole"],
    queryFn: ({ signal }) => wholeList("listPolicies", {}, 2_000, signal),
    enabled: isOn,
    staleTime: 60_000,
  });
  return (isOn ? (data ?? []) : []).map(({ policyId, name }) => ({
    id: `policy ${policyId}`,
    group: "policies",
    label: name,
    icon: SlidersHorizontal,
    place: { to: `/policies/${policyId}` },
  }));
}
