/** How the agent gets onto the computer: for each system a command, and the file that it needs. */
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { CopyField } from "../../components/CopyField.tsx";
import { StateShape } from "../../components/StateMark.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./enrol.module.css";
import type { Token } from "./EnrolDialog.tsx";

/** Another computer that asks at such an address asks itself. */
const onlyHere = /:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(?![\w.-])/;

export function Ways({ ways }: { ways: Token["ways"] }) {
  const { texts } = useSpeech();
  const [chosen, setChosen] = useState(0);
  const way = ways[chosen];
  if (!way) return null;
  const { title, help } = texts.enrol.ways[`${way.system} ${way.kind}`] ?? { title: way.system, help: "" };
  return (
    <>
      <SegmentedControl
        fullWidth
        aria-label={texts.enrol.system}
        data={ways.map(({ system, kind }, index) => ({
          value: String(index),
          label: texts.enrol.ways[`${system} ${kind}`]?.title ?? system,
        }))}
        value={String(chosen)}
        onChange={(index) => setChosen(Number(index))}
      />
      {way.command === null ? (
        <p>{texts.enrol.notBuilt(title)}</p>
      ) : (
        <>
          {onlyHere.test(way.command) && (
            <p role="note" className={styles["onlyHere"]}>
              <StateShape state="warning" />
              <span>{texts.enrol.onlyHere}</span>
            </p>
          )}
          <CopyField label={texts.enrol.commandTitle} value={way.command} />
          <p className="dimmed">{help}</p>
          <Files files={way.files} />
        </>
      )}
    </>
  );
}

/** To look at, or to hand to whatever distributes software. */
function Files({ files }: { files: Token["ways"][number]["files"] }) {
  const { texts, format } = useSpeech();
  return files.map(({ file, path, bytes, sha256 }) => (
    <div key={file} className={styles["file"]}>
      <a href={path} download={file}>
        {texts.enrol.download(file)}
      </a>
      <span className="dimmed">{format.bytes(bytes)}</span>
      <code className={styles["hash"]}>SHA-256 {sha256}</code>
    </div>
  ));
}
