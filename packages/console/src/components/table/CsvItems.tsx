/** The two ways in which a whole table is taken along: copied, or saved as a file. */
import { Menu } from "@mantine/core";
import { csvAddress, csvText, type CsvSource } from "../../api/csv.ts";
import { useSpeech } from "../../texts/texts.tsx";
import { describeError } from "../notes.tsx";
import { notify } from "../notify.tsx";
import { copyText, saveFile, saveFrom } from "./csv.ts";

interface Props {
  /** Names the file, where the server does not. */
  readonly id: string;
  /** The server's own table, or what writes it here from every row; it may have to fetch them first. */
  readonly source: CsvSource | (() => Promise<string>);
}

/** Both items of a menu. A table that cannot be had as a whole is not had in part: an error says so. */
export function CsvItems({ id, source }: Props) {
  const { language, texts } = useSpeech();
  const write = () => (typeof source === "function" ? source() : csvText(source, language));
  const fail = (error: unknown) => notify({ message: describeError(error, texts), failed: true });
  const copy = () => {
    const text = write();
    copyText(text).then(
      () => notify({ message: texts.table.copiedAll }),
      // Either the rows could not be had, or the browser did not allow it.
      () => text.then(() => notify({ message: texts.table.copyFailed, failed: true }), fail),
    );
  };
  const save = () => {
    if (typeof source === "function") void source().then((text) => saveFile(`hauswart-${id}.csv`, text), fail);
    else saveFrom(csvAddress(source, language), "");
  };
  return (
    <>
      <Menu.Item closeMenuOnClick onClick={copy}>
        {texts.table.copyCsv}
      </Menu.Item>
      <Menu.Item closeMenuOnClick onClick={save}>
        {texts.table.saveCsv}
      </Menu.Item>
    </>
  );
}
