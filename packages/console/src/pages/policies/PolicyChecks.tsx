/** The checks that a policy may speak of: those in it first, each of which opens. */
import type { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import { Badge, Button, Switch, TextInput } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useEffect, useState } from "react";
import { Allowed } from "../../app/Allowed.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import { CheckSettings } from "./CheckSettings.tsx";
import type { Draft, Place } from "./draft.ts";
import type { OthersOf } from "./others.ts";
import { useOthers } from "./use-others.ts";
import { TimeMachine } from "./TimeMachine.tsx";
import styles from "./policies.module.css";
import type { CheckReference } from "./PolicyPage.tsx";

const route = getRouteApi("/app/policies/$policyId");

interface Props {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly references: readonly CheckReference[];
  readonly changes: readonly Place[];
}

export function PolicyChecks({ draft, onChange, references, changes }: Props) {
  const { policyId } = route.useParams();
  const others = useOthers(policyId);
  const { checkTexts, language } = useSpeech();
  const { check: opened, instance: meant = "", propose } = route.useSearch();
  const navigate = route.useNavigate();
  // By what stood in it at first: nothing moves while somebody takes checks in and out.
  const [takenFirst] = useState(() => new Set(draft.checks.map(({ check }) => check)));
  const sorted = [...references].sort(
    (one, other) =>
      Number(takenFirst.has(other.check)) - Number(takenFirst.has(one.check)) ||
      checkTexts(one.check).name.localeCompare(checkTexts(other.check).name, language),
  );
  const toggle = (check: string) =>
    void navigate({
      search: (before) => ({ ...before, check: before.check === check ? undefined : check, instance: undefined, propose: undefined }),
      replace: true,
    });
  const replace = (check: PolicyCheck, next: PolicyCheck | null) =>
    onChange({ ...draft, checks: draft.checks.flatMap((one) => (one === check ? (next ? [next] : []) : [one])) });
  const takeIn = (check: string, instance: string) =>
    onChange({ ...draft, checks: [...draft.checks, { check, instance, enabled: true, settings: {} }] });
  useEffect(() => {
    // A change is proposed for a check that no policy speaks of yet.
    const isMissing = opened !== undefined && propose !== undefined && !draft.checks.some(({ check }) => check === opened);
    if (isMissing && references.some(({ check, onByDefault }) => check === opened && onByDefault)) takeIn(opened, "");
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once; who takes it out again has it out
  }, []);
  return (
    <ul className={styles["checks"]}>
      {sorted.map((reference) => {
        const taken = draft.checks.filter(({ check }) => check === reference.check);
        const isOpen = opened === reference.check;
        const isChanged = changes.some((place) => "check" in place && place.check === reference.check);
        return (
          <li key={reference.check}>
            <CheckHead reference={reference} taken={taken} isOpen={isOpen} isChanged={isChanged} onToggle={() => toggle(reference.check)} />
            {isOpen && (
              <div className={styles["opened"]}>
                <p className="dimmed">{checkTexts(reference.check).description || reference.description}</p>
                {taken.length === 0 && reference.onByDefault && <TakeIn onTake={() => takeIn(reference.check, "")} />}
                {taken.map((check) => (
                  <TakenCheck
                    key={check.instance}
                    check={check}
                    reference={reference}
                    others={others}
                    draft={draft}
                    policyId={policyId}
                    isProposing={propose !== undefined && check.instance === meant}
                    onChange={(next) => replace(check, next)}
                  />
                ))}
                {!reference.onByDefault && (
                  <TakeInInstance
                    key={taken.length}
                    others={taken.map(({ instance }) => instance)}
                    onTake={(instance) => takeIn(reference.check, instance)}
                  />
                )}
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function CheckHead({
  reference,
  taken,
  isOpen,
  isChanged,
  onToggle,
}: {
  reference: CheckReference;
  taken: readonly PolicyCheck[];
  isOpen: boolean;
  isChanged: boolean;
  onToggle: () => void;
}) {
  const { texts, checkTexts } = useSpeech();
  const isOff = taken.length > 0 && taken.every(({ enabled }) => !enabled);
  const setHere = taken.reduce((sum, { settings }) => sum + Object.keys(settings).length, 0);
  return (
    <button type="button" className={styles["head"]} aria-expanded={isOpen} onClick={onToggle}>
      <ChevronRight size={13} aria-hidden />
      <span className={styles["name"]} data-taken={taken.length > 0 || undefined}>
        {checkTexts(reference.check).name}
      </span>
      {isChanged && (
        <Badge color="accent" variant="outline">
          {texts.policies.unsaved}
        </Badge>
      )}
      <span className="dimmed">
        {taken.length === 0
          ? texts.policies.notInPolicy
          : isOff
            ? texts.policies.disabledNote
            : setHere > 0
              ? texts.policies.setCount(setHere)
              : texts.policies.inPolicy}
      </span>
    </button>
  );
}

function TakeIn({ onTake }: { onTake: () => void }) {
  const { texts } = useSpeech();
  return (
    <div>
      <Button variant="default" onClick={onTake}>
        {texts.policies.takeIn}
      </Button>
    </div>
  );
}

/** Checks that need a target run once for each: a name tells these apart. */
function TakeInInstance({ others, onTake }: { others: readonly string[]; onTake: (instance: string) => void }) {
  const { texts } = useSpeech();
  const [name, setName] = useState("");
  const wanted = name.trim();
  const isTwice = others.includes(wanted);
  return (
    <form
      className={styles["newInstance"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted !== "" && !isTwice) onTake(wanted);
      }}
    >
      <TextInput
        label={texts.policies.instanceName}
        description={texts.policies.instanceHelp}
        error={isTwice && texts.policies.instanceTwice}
        maxLength={128}
        w={320}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={wanted === "" || isTwice}>
        {others.length === 0 ? texts.policies.takeIn : texts.policies.takeInAnother}
      </Button>
    </form>
  );
}

function TakenCheck({
  check,
  reference,
  others,
  draft,
  policyId,
  isProposing,
  onChange,
}: {
  isProposing: boolean;
  draft: Draft;
  policyId: string;
  others: OthersOf;
  check: PolicyCheck;
  reference: CheckReference;
  onChange: (check: PolicyCheck | null) => void;
}) {
  const { texts } = useSpeech();
  return (
    <>
      <div className={styles["switches"]}>
        {check.instance !== "" && <strong>{check.instance}</strong>}
        <Switch
          label={texts.policies.enabled}
          checked={check.enabled}
          onChange={(event) => onChange({ ...check, enabled: event.currentTarget.checked })}
        />
        <Button variant="subtle" onClick={() => onChange(null)}>
          {texts.policies.takeOut}
        </Button>
      </div>
      {check.enabled && (
        <>
          <CheckSettings check={check} reference={reference} others={others} onChange={onChange} />
          <Allowed to="policies:write">
            <TimeMachine policyId={policyId} draft={draft} check={check} onChange={onChange} isProposing={isProposing} />
          </Allowed>
        </>
      )}
    </>
  );
}
