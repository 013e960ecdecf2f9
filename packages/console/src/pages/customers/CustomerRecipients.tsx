/** Who is told of what a customer has, those for all customers included. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Allowed } from "../../app/Allowed.tsx";
import { query } from "../../api/queries.ts";
import { useMay } from "../../app/session.ts";
import { Empty, ErrorNote } from "../../components/notes.tsx";
import { Section } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { useTexts } from "../../texts/texts.tsx";

export function CustomerRecipients({ customerId }: { customerId: string }) {
  const texts = useTexts();
  const [mayOwn, mayHouse] = [useMay("mail:write"), useMay("mail:write", null)];
  const { data, error, refetch } = useQuery(query("listRecipients", { query: { customerId, limit: 500 } }));
  const add = (
    <Allowed to="mail:write">
      <Button variant="default" renderRoot={(props) => <Link to="/recipients" search={{ customer: customerId, add: "1" }} {...props} />}>
        {texts.recipients.add}
      </Button>
    </Allowed>
  );
  return (
    <Section title={texts.customers.recipients} actions={(data?.items.length ?? 0) > 0 && add}>
      {error && !data && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 && (
        <Empty title={texts.customers.noRecipients} action={add}>
          {texts.customers.noRecipientsHelp}
        </Empty>
      )}
      {data && data.items.length > 0 && (
        <PlainTable
          label={texts.customers.recipients}
          columns={[
            { header: texts.recipients.address },
            { header: texts.routing.channel, width: "130px", from: "sm" },
            { header: texts.recipients.from, width: "220px", from: "sm" },
            { header: texts.recipients.scope, width: "140px", from: "md" },
          ]}
          rows={data.items.map((recipient) => ({
            key: recipient.recipientId,
            cells: [
              (recipient.customerId === null ? mayHouse : mayOwn) ? (
                <Link key="address" to="/recipients" search={{ customer: customerId, edit: recipient.recipientId }}>
                  {recipient.address}
                </Link>
              ) : (
                recipient.address
              ),
              texts.routing.channels[recipient.channel],
              texts.recipients.fromSeverity[recipient.fromSeverity],
              recipient.customerId === null
                ? texts.recipients.scopeAll
                : recipient.siteId === null
                  ? texts.recipients.allSites
                  : texts.recipients.site,
            ],
          }))}
        />
      )}
    </Section>
  );
}
