/** One policy: what it sets, for whom. */
import type { Policy } from "@hauswart/protocol/api/policies.ts";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { query } from "../../api/queries.ts";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { Page } from "../../components/Page.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { PolicyEditor } from "./PolicyEditor.tsx";

const route = getRouteApi("/app/policies/$policyId");

export type CheckReference = {
  readonly check: string;
  readonly description: string;
  readonly settingsSchema: Record<string, unknown>;
  readonly everySeconds: number;
  readonly failuresBeforeFinding: number;
  readonly onByDefault: boolean;
  readonly fromServer: { readonly target: string } | null;
};

export function PolicyPage() {
  const texts = useTexts();
  const { policyId } = route.useParams();
  const policy = useQuery(query("getPolicy", { params: { policyId } }));
  const checks = useQuery({ ...query("listChecks"), staleTime: 600_000 });
  const error = policy.error ?? checks.error;
  if (!policy.data || !checks.data) {
    return (
      <Page title={texts.policies.title}>
        {error ? <ErrorNote error={error} onRetry={() => void Promise.all([policy.refetch(), checks.refetch()])} /> : <Loading />}
      </Page>
    );
  }
  return <PolicyEditor key={policyId} policy={policy.data satisfies Policy} references={checks.data.items} />;
}
