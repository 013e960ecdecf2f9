/** Enrolment tokens of a customer that can still be used. */
import type { Site } from "@hauswart/protocol/api/models.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { Moment } from "../../components/Ago.tsx";
import { Section } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { useTexts } from "../../texts/texts.tsx";

export function OpenTokens({ customerId, sites }: { customerId: string; sites: readonly Site[] }) {
  const texts = useTexts();
  const { data } = useQuery(query("listEnrolmentTokens", { query: { limit: 500 } }));
  const revoke = useChange("revokeEnrolmentToken", { touches: ["listEnrolmentTokens"], message: () => texts.customers.tokenRevoked });
  const tokens = (data?.items ?? []).filter((token) => token.customerId === customerId);
  if (tokens.length === 0) return null;
  return (
    <Section title={texts.customers.tokens} note={texts.customers.tokensHelp}>
      <PlainTable
        label={texts.customers.tokens}
        columns={[
          { header: texts.enrol.site },
          { header: texts.enrol.role, width: "130px" },
          { header: texts.enrol.uses, width: "130px", from: "md" },
          { header: texts.customers.tokenExpires, width: "160px", from: "sm" },
          { header: texts.customers.tokenRevoke, width: "124px", isHeaderHidden: true },
        ]}
        rows={tokens.map((token) => ({
          key: token.enrolmentTokenId,
          cells: [
            sites.find((site) => site.siteId === token.siteId)?.name ?? "–",
            texts.enrol.roles[token.role],
            texts.customers.tokenLeft(token.usesLeft),
            <Moment key="expires" at={token.expiresAt} />,
            <Button
              key="revoke"
              size="compact-xs"
              variant="subtle"
              onClick={() => revoke.mutate({ params: { enrolmentTokenId: token.enrolmentTokenId } })}
            >
              {texts.customers.tokenRevoke}
            </Button>,
          ],
        }))}
      />
    </Section>
  );
}
