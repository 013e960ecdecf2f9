/** When the devices of a customer, and of its sites, get new releases of the agent. */
import type { Customer, Site } from "@hauswart/protocol/api/models.ts";
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { useMay } from "../../app/session.ts";
import { PlainTable } from "../../components/PlainTable.tsx";
import { Section } from "../../components/Page.tsx";
import { useSpeech } from "../../texts/texts.tsx";

const rings = ["canary", "early", "all"] as const;

interface Subject {
  readonly kind: "customer" | "site";
  readonly subjectId: string;
  readonly name: string;
  /** What holds when nothing is chosen here. */
  readonly inherited: string;
}

export function Rings({ customer, sites }: { customer: Customer; sites: readonly Site[] }) {
  const { texts } = useSpeech();
  const { customerId } = customer;
  const mayChange = useMay("devices:write");
  const { data } = useQuery(query("listUpdateRings", { query: { customerId } }));
  const change = useChange("setUpdateRing", { touches: ["listUpdateRings", "getDeviceUpdate"], message: () => texts.agents.ringChosen });
  if (!data) return null;
  const chosen = new Map(data.items.map(({ kind, subjectId, ring }) => [`${kind} ${subjectId}`, ring]));
  const ofCustomer = chosen.get(`customer ${customerId}`);
  const subjects: Subject[] = [
    { kind: "customer", subjectId: customerId, name: texts.agents.ringOfCustomer, inherited: texts.agents.ringAutomatic },
    ...sites.map(({ siteId, name }) => ({
      kind: "site" as const,
      subjectId: siteId,
      name,
      inherited: ofCustomer ? texts.agents.rings[ofCustomer] : texts.agents.ringAutomatic,
    })),
  ];
  return (
    <Section title={texts.agents.ringsOf} note={texts.agents.ringsNote}>
      <PlainTable
        label={texts.agents.ringsOf}
        columns={[{ header: texts.customers.name }, { header: texts.agents.ring, width: "50%" }]}
        rows={subjects.map(({ kind, subjectId, name, inherited }) => {
          const ring = chosen.get(`${kind} ${subjectId}`) ?? null;
          return {
            key: subjectId,
            cells: [
              name,
              mayChange ? (
                <Select
                  key="ring"
                  size="xs"
                  variant="unstyled"
                  aria-label={`${texts.agents.ring}: ${name}`}
                  placeholder={inherited}
                  clearable
                  disabled={change.isPending}
                  data={rings.map((one) => ({ value: one, label: texts.agents.rings[one] }))}
                  value={ring}
                  onChange={(value) =>
                    change.mutate({ params: { kind, subjectId }, body: { ring: rings.find((one) => one === value) ?? null } })
                  }
                />
              ) : ring ? (
                texts.agents.rings[ring]
              ) : (
                <span key="ring" className="dimmed">
                  {inherited}
                </span>
              ),
            ],
          };
        })}
      />
    </Section>
  );
}
