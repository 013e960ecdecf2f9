/** What a customer was promised about alarms. */
import type { ShownCustomerTerms } from "@hauswart/protocol/api/customer-terms.ts";
import { repairTermsText } from "@hauswart/protocol/repair-terms.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Allowed } from "../../app/Allowed.tsx";
import { query } from "../../api/queries.ts";
import { Facts } from "../../components/Facts.tsx";
import { ErrorNote, Loading } from "../../components/notes.tsx";
import { Section } from "../../components/Page.tsx";
import { StateMark } from "../../components/StateMark.tsx";
import { writeSetting } from "../../features/evidence.ts";
import { useSpeech } from "../../texts/texts.tsx";
import { PromisesDialog } from "./PromisesDialog.tsx";

export function CustomerPromises({ customerId }: { customerId: string }) {
  const { texts } = useSpeech();
  const { data: terms, error, refetch } = useQuery(query("getCustomerTerms", { params: { customerId } }));
  const [isOpen, setOpen] = useState(false);
  return (
    <Section
      title={texts.care.promises}
      actions={
        terms && (
          <Allowed to="customers:write">
            <Button variant="default" onClick={() => setOpen(true)}>
              {texts.care.change}
            </Button>
          </Allowed>
        )
      }
    >
      {error ? <ErrorNote error={error} onRetry={() => void refetch()} /> : terms ? <Promises terms={terms} /> : <Loading />}
      {isOpen && terms && <PromisesDialog customerId={customerId} terms={terms} onClose={() => setOpen(false)} />}
    </Section>
  );
}

function Promises({ terms }: { terms: ShownCustomerTerms }) {
  const { texts, format } = useSpeech();
  const { alarms, repair, contactWithinMinutes, contactFrom, dailyMail, dailyMailUnreachable, alarmDrill } = terms;
  return (
    <Facts
      facts={[
        { name: texts.care.alarms, value: texts.care.alarmKinds[alarms] },
        { name: texts.care.repair, value: repairTermsText(repair, format) || texts.care.repairKinds[repair.kind] },
        {
          name: texts.care.contactPromise,
          value:
            contactWithinMinutes === null
              ? texts.care.contactNone
              : `${texts.care.contactWithin(writeSetting("contactWithinMinutes", contactWithinMinutes, format))} (${texts.care.contactFroms[contactFrom]})`,
        },
        {
          name: texts.care.daily,
          value: dailyMail ? (
            <>
              <span title={dailyMail.recipients.map(({ address }) => address).join(", ")}>
                {texts.care.dailyAt(dailyMail.at, dailyMail.recipients.length)}
              </span>
              {dailyMailUnreachable.map(({ address, since, reason }) => (
                <div key={address}>
                  <StateMark state="warning" wraps>
                    {`${address}: ${texts.routing.unreachable(format.dateTime(Date.parse(since)), reason)}`}
                  </StateMark>
                </div>
              ))}
            </>
          ) : (
            texts.care.dailyNone
          ),
        },
        { name: texts.drills.monthly, value: alarmDrill ? texts.drills.monthlyOn : texts.drills.monthlyOff },
      ]}
    />
  );
}
