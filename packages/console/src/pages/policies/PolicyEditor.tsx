/** Edits a policy. The draft stays as it is while others save; what they saved is brought together when this one is saved. */
import { ApiError } from "@hauswart/protocol/api/client.ts";
import type { Policy } from "@hauswart/protocol/api/policies.ts";
import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useBlocker } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useMay } from "../../app/session.ts";
import { Allowed } from "../../app/Allowed.tsx";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { Ago } from "../../components/Ago.tsx";
import { Confirm } from "../../components/Confirm.tsx";
import { ErrorNote } from "../../components/notes.tsx";
import { notify } from "../../components/notify.tsx";
import { Page, Section } from "../../components/Page.tsx";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import { Assignments } from "./Assignments.tsx";
import { ConflictDialog } from "./ConflictDialog.tsx";
import { changesBetween, draftOf, mergeDrafts, type Draft } from "./draft.ts";
import { PolicyChecks } from "./PolicyChecks.tsx";
import { PolicyEffect } from "./PolicyEffect.tsx";
import styles from "./policies.module.css";
import type { CheckReference } from "./PolicyPage.tsx";
import { scopeNames } from "./words.ts";

const route = getRouteApi("/app/policies/$policyId");

/** The policy as it was when editing began, and the draft. A policy that changes elsewhere while nothing is edited is simply shown. */
function useDraft(policy: Policy) {
  const [base, setBase] = useState(policy);
  const [draft, setDraft] = useState<Draft>(draftOf(policy));
  const changes = useMemo(() => changesBetween(draftOf(base), draft), [base, draft]);
  const restart = (from: Policy, next: Draft = draftOf(from)) => {
    setBase(from);
    setDraft(next);
  };
  /** What was typed while the answer was under way stays, as a change of what is saved now. */
  const keep = (sent: Draft, saved: Policy) => {
    setBase(saved);
    setDraft((now) => mergeDrafts(sent, now, draftOf(saved), new Set()));
  };
  if (policy.revision !== base.revision && changes.length === 0) restart(policy);
  return { base, draft, setDraft, changes, restart, keep };
}

export function PolicyEditor({ policy, references }: { policy: Policy; references: readonly CheckReference[] }) {
  const { texts } = useSpeech();
  const client = useQueryClient();
  const { base, draft, setDraft, changes, restart, keep } = useDraft(policy);
  const mayChange = useMay("policies:write", policy.customerId);
  const [names, setNames] = useState<ReadonlyMap<string, string>>(() => scopeNames(policy));
  const [theirs, setTheirs] = useState<Policy | null>(null);
  const policyId = base.policyId;
  const touches = ["listPolicies", "getPolicy", "listDeviceChecks"] as const;
  const save = useChange("changePolicy", { touches, quiet: true, message: () => texts.policies.saved });
  const send = () =>
    save.mutate(
      { params: { policyId }, body: { ...draft, checks: [...draft.checks], assignments: [...draft.assignments], revision: base.revision } },
      {
        onSuccess: (saved) => keep(draft, saved),
        onError: (error) => {
          if (!(error instanceof ApiError) || error.code !== "CONFLICT") return;
          client
            .query({ ...query("getPolicy", { params: { policyId } }), staleTime: 0 })
            .then(setTheirs)
            .catch(() => notify({ message: texts.errors.byCode.NO_ANSWER, failed: true }));
        },
      },
    );
  const isConflict = save.error instanceof ApiError && save.error.code === "CONFLICT";
  return (
    <Page
      title={draft.name || texts.policies.newName}
      narrow
      note={
        <>
          {texts.policies.updated} <Ago at={base.updatedAt} />
          {!mayChange && ` · ${texts.policies.mayNot}`}
        </>
      }
      actions={
        <Allowed to="policies:write" of={base.customerId}>
          <DeletePolicy policy={base} />
        </Allowed>
      }
    >
      <TextInput
        label={texts.policies.name}
        required
        maxLength={200}
        maw={420}
        value={draft.name}
        onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
      />
      <Section title={texts.policies.assignments} note={texts.policies.assignmentsHelp}>
        <Assignments
          draft={draft}
          onChange={setDraft}
          owner={base.customerId}
          names={names}
          onName={(key, name) => setNames((before) => new Map(before).set(key, name))}
        />
      </Section>
      <Section title={texts.policies.checks} note={texts.policies.checksHelp}>
        <PolicyChecks draft={draft} onChange={setDraft} references={references} changes={changes} />
      </Section>
      {save.error && !isConflict && <ErrorNote error={save.error} />}
      {changes.length > 0 && (
        <SaveBar
          policyId={policyId}
          owner={base.customerId}
          draft={draft}
          count={changes.length}
          isSaving={save.isPending}
          onDiscard={() => restart(base)}
          onSave={send}
        />
      )}
      {theirs && (
        <ConflictDialog
          base={draftOf(base)}
          mine={draft}
          theirs={theirs}
          names={names}
          onTake={(takeTheirs) => {
            restart(theirs, mergeDrafts(draftOf(base), draft, draftOf(theirs), takeTheirs));
            setNames((before) => new Map([...before, ...scopeNames(theirs)]));
            save.reset();
            setTheirs(null);
          }}
          onDrop={() => {
            restart(theirs);
            save.reset();
            setTheirs(null);
          }}
          onClose={() => setTheirs(null)}
        />
      )}
      <LeaveGuard isDirty={changes.length > 0} />
    </Page>
  );
}

/** Asks before unsaved changes are left behind. */
function LeaveGuard({ isDirty }: { isDirty: boolean }) {
  const texts = useTexts();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  return (
    <Confirm title={texts.policies.leaveTitle} action={texts.policies.leaveGo} onConfirm={blocker.proceed} onClose={blocker.reset}>
      {texts.policies.leaveText}
    </Confirm>
  );
}

const withoutAssignments = (policy: Policy): Draft => ({ ...draftOf(policy), assignments: [] });

interface SaveBarProps {
  readonly policyId: string;
  /** The customer whose it is; null: the house. */
  readonly owner: string | null;
  readonly draft: Draft;
  /** Changes that are not saved. */
  readonly count: number;
  readonly isSaving: boolean;
  readonly onDiscard: () => void;
  readonly onSave: () => void;
}

function SaveBar({ policyId, owner, draft, count, isSaving, onDiscard, onSave }: SaveBarProps) {
  const { texts } = useSpeech();
  return (
    <div className={styles["saveBar"]} role="status">
      <Allowed to="policies:write" of={owner}>
        <PolicyEffect policyId={policyId} draft={draft} />
      </Allowed>
      <span className={styles["unsaved"]}>
        {texts.policies.changes(count)}, {texts.policies.unsaved}
      </span>
      <Button variant="default" onClick={onDiscard}>
        {texts.policies.discard}
      </Button>
      <Allowed to="policies:write" of={owner}>
        <Button loading={isSaving} disabled={draft.name.trim() === ""} onClick={onSave}>
          {texts.policies.save}
        </Button>
      </Allowed>
    </div>
  );
}

function DeletePolicy({ policy }: { policy: Policy }) {
  const texts = useTexts();
  const navigate = route.useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const remove = useChange("deletePolicy", {
    touches: ["listPolicies"],
    message: () => texts.policies.deleted,
    onDone: () => void navigate({ to: "/policies", ignoreBlocker: true }),
  });
  return (
    <>
      <Button variant="default" onClick={() => setIsAsking(true)}>
        {texts.policies.delete}
      </Button>
      {isAsking && (
        <Confirm
          title={texts.policies.deleteTitle(policy.name)}
          action={texts.policies.deleteDo}
          isPending={remove.isPending}
          onConfirm={() => remove.mutate({ params: { policyId: policy.policyId } })}
          onClose={() => setIsAsking(false)}
        >
          {texts.policies.deleteText(policy.assignments.length)}
          {policy.assignments.length > 0 && <PolicyEffect policyId={policy.policyId} draft={withoutAssignments(policy)} />}
        </Confirm>
      )}
    </>
  );
}
