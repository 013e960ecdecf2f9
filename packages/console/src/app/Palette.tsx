/** The command palette: go to a device, a customer or a page by typing. Ctrl-K. */
import { Spotlight, spotlight } from "@mantine/spotlight";
import "@mantine/spotlight/styles.layer.css";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Building2, MonitorDot, Plus, Search } from "lucide-react";
import { useEffect, useState } from "react";
import { query } from "../api/queries.ts";
import { StateMark } from "../components/StateMark.tsx";
import { useTexts } from "../texts/texts.tsx";
import { useCustomers, useScope } from "./customers.ts";
import { places, settingsPlaces } from "./navigation.ts";

const most = 8;
const contains = (text: string, wanted: string) => text.toLowerCase().includes(wanted);

/** @param calls counts up with each call for the palette. */
export default function Palette({ calls }: { calls: number }) {
  const texts = useTexts();
  const [input, setInput] = useState("");
  const wanted = input.trim().toLowerCase();
  useEffect(() => spotlight.open(), [calls]);
  return (
    <Spotlight.Root
      query={input}
      onQueryChange={setInput}
      lockScroll={false}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      shortcut={null}
      scrollable
      maxHeight={460}
      attributes={{ content: { "aria-label": texts.palette.placeholder } }}
    >
      <Spotlight.Search
        placeholder={texts.palette.placeholder}
        aria-label={texts.palette.placeholder}
        leftSection={<Search size={15} aria-hidden />}
      />
      <Spotlight.ActionsList>
        <Devices wanted={wanted} />
        <Customers wanted={wanted} />
        <Pages wanted={wanted} />
      </Spotlight.ActionsList>
      <Spotlight.Footer>
        <span className="dimmed">{texts.palette.help}</span>
      </Spotlight.Footer>
    </Spotlight.Root>
  );
}

function Devices({ wanted }: { wanted: string }) {
  const texts = useTexts();
  const scope = useScope();
  const navigate = useNavigate();
  const [search] = useDebouncedValue(wanted, 120);
  const { data } = useQuery({
    ...query("listDevices", { query: { search, limit: most, customerId: scope } }),
    enabled: search !== "",
    placeholderData: keepPreviousData,
  });
  if (search === "" || !data || data.items.length === 0) return null;
  return (
    <Spotlight.ActionsGroup label={texts.shell.devices}>
      {data.items.map((device) => (
        <Spotlight.Action
          key={device.deviceId}
          label={device.name}
          description={`${device.customerName} · ${device.siteName}`}
          leftSection={<MonitorDot size={15} aria-hidden />}
          rightSection={<StateMark state={device.state} />}
          onClick={() => void navigate({ to: "/devices/$deviceId", params: { deviceId: device.deviceId } })}
        />
      ))}
    </Spotlight.ActionsGroup>
  );
}

function Customers({ wanted }: { wanted: string }) {
  const texts = useTexts();
  const navigate = useNavigate();
  const customers = useCustomers();
  const found = wanted === "" ? [] : (customers.data ?? []).filter(({ name }) => contains(name, wanted)).slice(0, most);
  if (found.length === 0) return null;
  return (
    <Spotlight.ActionsGroup label={texts.shell.customers}>
      {found.map(({ customerId, name }) => (
        <Spotlight.Action
          key={customerId}
          label={name}
          description={texts.palette.narrow}
          leftSection={<Building2 size={15} aria-hidden />}
          onClick={() => void navigate({ to: "/", search: { customer: customerId } })}
        />
      ))}
    </Spotlight.ActionsGroup>
  );
}

function Pages({ wanted }: { wanted: string }) {
  const texts = useTexts();
  const navigate = useNavigate();
  const found = [...places, ...settingsPlaces].filter((place) => contains(place.label(texts), wanted));
  const offersEnrolment = contains(texts.shell.enrol, wanted);
  if (found.length === 0 && !offersEnrolment) return null;
  return (
    <Spotlight.ActionsGroup label={texts.palette.pages}>
      {found.map((place) => (
        <Spotlight.Action
          key={place.to}
          label={place.label(texts)}
          leftSection={<place.icon size={15} aria-hidden />}
          onClick={() => void navigate({ to: place.to })}
        />
      ))}
      {offersEnrolment && (
        <Spotlight.Action
          label={texts.shell.enrol}
          leftSection={<Plus size={15} aria-hidden />}
          onClick={() => void navigate({ to: ".", search: (before) => ({ ...before, enrol: "1" }) })}
        />
      )}
    </Spotlight.ActionsGroup>
  );
}
