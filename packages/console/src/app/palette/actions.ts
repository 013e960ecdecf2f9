/** Entries that do something: about the device that is open, about the customer, about the console itself. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { useMantineColorScheme } from "@mantine/core";
import { languages } from "@hauswart/protocol/format.ts";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { Building2, CheckCheck, Languages, Plus, RefreshCw, SunMoon } from "lucide-react";
import { useChange } from "../../api/change.ts";
import { query, wholeList } from "../../api/queries.ts";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { useCustomers, useScope } from "../customers.ts";
import { useMay } from "../session.ts";
import type { Entry } from "./entry.ts";

/** @param onAcknowledge asks how the findings are acknowledged. */
export function useActionEntries(typed: string, onAcknowledge: (findings: readonly Finding[]) => void): Entry[] {
  const device = useDeviceActions(onAcknowledge);
  const customer = useScopeActions(typed.trim() !== "");
  const enrol = useEnrolAction();
  const own = useConsoleActions();
  return [...device, ...enrol, ...customer, ...own];
}

/** The device whose page is open. */
function useDeviceActions(onAcknowledge: (findings: readonly Finding[]) => void): Entry[] {
  const { texts } = useSpeech();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const deviceId = /^\/devices\/([^/]+)$/.exec(pathname)?.[1];
  const { data } = useQuery({ ...query("getDevice", { params: { deviceId: deviceId ?? "" } }), enabled: deviceId !== undefined });
  const [mayMeasure, mayAcknowledge] = [useMay("devices:write"), useMay("findings:write")];
  const measure = useChange("measureDevice", {
    touches: ["getDevice", "listDeviceChecks"],
    message: ({ delivered }) => (delivered ? texts.device.measureSent : texts.device.measureNotSent),
  });
  if (!data || deviceId === undefined) return [];
  const open = data.openFindings.failure + data.openFindings.warning;
  return [
    ...(open > 0 && mayAcknowledge
      ? [
          {
            id: "acknowledge device",
            group: "actions" as const,
            label: texts.commands.acknowledgeDevice(data.name),
            icon: CheckCheck,
            run: () => void wholeList("listFindings", { query: { deviceId, state: "open" } }).then(onAcknowledge),
          },
        ]
      : []),
    ...(mayMeasure
      ? [
          {
            id: "measure device",
            group: "actions" as const,
            label: texts.commands.measure(data.name),
            icon: RefreshCw,
            run: () => measure.mutate({ params: { deviceId }, body: {} }),
          },
        ]
      : []),
  ];
}

/** To which customer the console is narrowed. */
function useScopeActions(isTyped: boolean): Entry[] {
  const { texts } = useSpeech();
  const scope = useScope();
  const customers = useCustomers();
  const navigate = useNavigate();
  const narrow = (customer: string | undefined) => () =>
    void navigate({ to: ".", search: (before) => ({ ...before, customer, site: undefined }) });
  return [
    ...(scope === undefined
      ? []
      : [{ id: "scope all", group: "actions" as const, label: texts.commands.scopeAll, icon: Building2, run: narrow(undefined) }]),
    ...(isTyped ? (customers.data ?? []) : [])
      .filter(({ customerId }) => customerId !== scope)
      .map(({ customerId, name }): Entry => ({
        id: `scope ${customerId}`,
        group: "actions",
        label: texts.commands.scopeTo(name),
        icon: Building2,
        run: narrow(customerId),
      })),
  ];
}

function useEnrolAction(): Entry[] {
  const texts = useTexts();
  const navigate = useNavigate();
  if (!useMay("devices:write")) return [];
  return [
    {
      id: "enrol",
      group: "actions",
      label: texts.shell.enrol,
      icon: Plus,
      run: () => void navigate({ to: ".", search: (before) => ({ ...before, enrol: "1" as const }) }),
    },
  ];
}

/** Language and appearance. */
function useConsoleActions(): Entry[] {
  const { texts, language, setLanguage } = useSpeech();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const schemes = ["light", "dark", "auto"] as const;
  return [
    ...languages
      .filter((one) => one !== language)
      .map((one): Entry => ({
        id: `language ${one}`,
        group: "actions",
        label: texts.commands.language[one],
        words: texts.shell.language,
        icon: Languages,
        run: () => setLanguage(one),
      })),
    ...schemes
      .filter((one) => one !== colorScheme)
      .map((one): Entry => ({
        id: `look ${one}`,
        group: "actions",
        label: texts.commands.look[one],
        words: texts.shell.look,
        icon: SunMoon,
        run: () => setColorScheme(one),
      })),
  ];
}
