/** The Windows Update agent by COM. https://learn.microsoft.com/windows/win32/api/wuapi/ */
import { OsError } from "../os.ts";
import type { WindowsUpdate, WindowsUpdateSearch } from "./calls.ts";
import { asObject, ask, createObject, eachItem, setUpCom, using } from "./com.windows.ts";
import { numberOf, textOf, type Variant } from "./variant.ts";

/** A property that older versions of the agent do not know. */
function askIfKnown(object: bigint, name: string): Variant {
  try {
    return ask(object, name);
  } catch (error) {
    if (error instanceof OsError) return null;
    throw error;
  }
}

/** Each item of a collection that a property names; none where there is no such property. */
function itemsOf<Item>(object: bigint, name: string, read: (item: Variant) => Item): Item[] {
  const list = askIfKnown(object, name);
  if (typeof list !== "object" || list === null || !("object" in list) || list.object === 0n) return [];
  return using(list.object, (collection) => eachItem(collection, read));
}

/** IUpdateException. */
function readWarning(item: Variant): string {
  const warning = asObject("warning", item);
  const result = (numberOf(ask(warning, "HResult")) >>> 0).toString(16).padStart(8, "0");
  return `0x${result} ${textOf(askIfKnown(warning, "Message"))}`.trim();
}

function readUpdate(update: bigint): WindowsUpdate {
  const identity = using(asObject("Identity", ask(update, "Identity")), (one) => ({
    updateId: textOf(ask(one, "UpdateID")),
    revision: numberOf(ask(one, "RevisionNumber")),
  }));
  return {
    ...identity,
    title: textOf(ask(update, "Title")),
    articleIds: itemsOf(update, "KBArticleIDs", textOf),
    severity: textOf(askIfKnown(update, "MsrcSeverity")),
    categories: using(asObject("Categories", ask(update, "Categories")), (list) =>
      eachItem(list, (item) => textOf(ask(asObject("category", item), "CategoryID"))),
    ),
    isDownloaded: askIfKnown(update, "IsDownloaded") === true,
    isMandatory: askIfKnown(update, "IsMandatory") === true,
    cveIds: itemsOf(update, "CveIDs", textOf),
  };
}

/** See `WindowsCalls.searchUpdates`. Blocks, for minutes. */
export function searchUpdates(criteria: string): WindowsUpdateSearch {
  setUpCom();
  return using(createObject("Microsoft.Update.Session"), (session) =>
    using(asObject("searcher", ask(session, "CreateUpdateSearcher")), (searcher) =>
      using(asObject("result", ask(searcher, "Search", [criteria])), (result) => ({
        resultCode: numberOf(ask(result, "ResultCode")),
        warnings: itemsOf(result, "Warnings", readWarning),
        updates: using(asObject("Updates", ask(result, "Updates")), (updates) =>
          eachItem(updates, (item) => readUpdate(asObject("update", item))),
        ),
      })),
    ),
  );
}
