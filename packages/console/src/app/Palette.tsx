/** The command palette, Ctrl-K: goes to devices, customers, findings, policies and pages, and does what can be done from anywhere. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import "@mantine/spotlight/styles.layer.css";
import { useNavigate } from "@tanstack/react-router";
import { History, Search } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { StateMark } from "../components/StateMark.tsx";
import { useFindingActions } from "../pages/findings/actions.ts";
import { useTexts } from "../texts/texts.tsx";
import { useActionEntries } from "./palette/actions.ts";
import type { Entry, Group } from "./palette/entry.ts";
import { usePlaceEntries } from "./palette/places.ts";
import { rank } from "./palette/rank.ts";
import { parseRecent, remember } from "./palette/recent.ts";
import styles from "./Palette.module.css";
import { useAccount } from "./session.ts";

const AcknowledgeDialog = lazy(() =>
  import("../pages/findings/AcknowledgeDialog.tsx").then((loaded) => ({ default: loaded.AcknowledgeDialog })),
);

const [store, spotlight] = createSpotlight();

/**
 * Enter runs what is marked. Mantine marks the first while somebody types; what is found after the last letter is marked here, and what is
 * marked keeps its mark when something comes above it.
 */
function useMark(isTyped: boolean): void {
  useEffect(() => {
    const list = document.getElementById(store.getState().listId);
    if (!list) return;
    const entries = [...list.querySelectorAll("[data-action]")];
    let marked = entries.findIndex((entry) => entry.hasAttribute("data-selected"));
    if (marked < 0 && isTyped && entries[0]) {
      entries[0].setAttribute("data-selected", "true");
      marked = 0;
    }
    if (marked !== store.getState().selected) store.updateState((state) => ({ ...state, selected: marked }));
  });
}

/** @param calls counts up with each call for the palette. */
export default function Palette({ calls }: { calls: number }) {
  const texts = useTexts();
  const [input, setInput] = useState("");
  const [asked, setAsked] = useState<readonly Finding[]>([]);
  const findings = useFindingActions();
  useEffect(() => spotlight.open(), [calls]);
  return (
    <>
      <Spotlight.Root
        store={store}
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
        <Results typed={input} onAcknowledge={setAsked} />
        <Spotlight.Footer>
          <span className="dimmed">{texts.palette.help}</span>
        </Spotlight.Footer>
      </Spotlight.Root>
      <Suspense>
        {asked.length > 0 && (
          <AcknowledgeDialog
            findings={asked}
            onClose={() => setAsked([])}
            onAcknowledge={(all, answer) => {
              void findings.acknowledge(all, answer);
              setAsked([]);
            }}
          />
        )}
      </Suspense>
    </>
  );
}

function useRecent() {
  const key = `hauswart-recent-${useAccount()?.accountId ?? ""}`;
  const [recent, setRecent] = useState(() => parseRecent(localStorage.getItem(key)));
  return {
    recent,
    add: (entry: Entry) => {
      const after = remember(recent, entry);
      localStorage.setItem(key, JSON.stringify(after));
      setRecent(after);
    },
  };
}

function Results({ typed, onAcknowledge }: { typed: string; onAcknowledge: (findings: readonly Finding[]) => void }) {
  const texts = useTexts();
  const navigate = useNavigate();
  const { recent, add } = useRecent();
  const entries = [...useActionEntries(typed, onAcknowledge), ...usePlaceEntries(typed)];
  const before: readonly Entry[] = typed.trim() === "" ? recent.map((one) => ({ ...one, group: "recent", icon: History })) : [];
  const found = rank(
    [...before, ...entries],
    typed,
    recent.map(({ id }) => id),
  );
  useMark(typed.trim() !== "");
  const labels: Readonly<Record<Group, string>> = {
    ...texts.commands,
    devices: texts.shell.devices,
    pages: texts.palette.pages,
  };
  const run = (entry: Entry) => {
    if (!entry.place) return entry.run?.();
    add(entry);
    void navigate({ to: entry.place.to, search: (kept) => ({ customer: kept.customer, ...entry.place?.search }) });
  };
  return (
    <Spotlight.ActionsList>
      {found.length === 0 && <Spotlight.Empty>{texts.commands.nothing(typed.trim())}</Spotlight.Empty>}
      {found.map(({ group, entries: rows }) => (
        <Spotlight.ActionsGroup key={group} label={labels[group]}>
          {rows.map((entry) => (
            <Spotlight.Action
              key={`${group} ${entry.id}`}
              className={styles["entry"]}
              label={entry.label}
              description={entry.description}
              leftSection={<entry.icon size={15} aria-hidden />}
              rightSection={entry.state && <StateMark state={entry.state} />}
              onClick={() => run(entry)}
            />
          ))}
        </Spotlight.ActionsGroup>
      ))}
    </Spotlight.ActionsList>
  );
}
