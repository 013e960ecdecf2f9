/** For which customers somebody works, in words. */
import type { Reach } from "@hauswart/protocol/api/models.ts";
import { useCallback, useMemo } from "react";
import { useCustomers } from "../../app/customers.ts";
import { useTexts } from "../../texts/texts.tsx";

/** @returns a function that says it: "alle", "Muster GmbH, Kanzlei", "alle außer Kanzlei", "keine". Customers that are not known are counted. */
export function useReachWords(): (reach: Reach) => string {
  const texts = useTexts();
  const customers = useCustomers();
  const names = useMemo(() => new Map((customers.data ?? []).map(({ customerId, name }) => [customerId, name])), [customers.data]);
  return useCallback(
    ({ mode, customerIds }) => {
      if (mode === "all") return texts.customerReach.allShort;
      if (customerIds.length === 0) return texts.customerReach.noneShort;
      const known = customerIds.flatMap((customerId) => names.get(customerId) ?? []);
      const others = customerIds.length - known.length;
      const listed = [...known.sort(), ...(others > 0 ? [texts.customerReach.others(others)] : [])].join(", ");
      return mode === "include" ? listed : texts.customerReach.exceptShort(listed);
    },
    [texts, names],
  );
}
