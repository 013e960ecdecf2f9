/** Listens to what systemd tells of its units, so that a stopped service is noticed at once and little has to be asked again. */
import type { Systemd } from "./systemd.linux.ts";
import { managerInterface, propertiesInterface, serviceInterface, systemdName, unitInterface, unitPaths } from "./systemd.linux.ts";

export interface SystemdListener {
  /** A property of this service's unit changed; its new active state, when that is what changed. */
  unitChanged(path: string, activeState: string | undefined): void;
  /** Unit files or their links changed, or systemd read them again. */
  filesChanged(): void;
  /** The connection is gone; nothing will be heard any more. */
  closed(): void;
}

/** @returns a function that ends it. Throws OsError. */
export async function listen(systemd: Systemd, listener: SystemdListener): Promise<() => void> {
  const { bus } = systemd;
  const ends: (() => void)[] = [];
  const endAll = () => {
    for (const end of ends.splice(0)) end();
  };
  bus.onClose(() => listener.closed());
  try {
    for (const interfaceName of [unitInterface, serviceInterface]) {
      ends.push(
        await bus.onSignal(
          `type='signal',sender='${systemdName}',interface='${propertiesInterface}',member='PropertiesChanged',path_namespace='${unitPaths}',arg0='${interfaceName}'`,
          ({ path, body }) => {
            if (!path.endsWith("_2eservice")) return;
            const changed = (body[1] ?? {}) as Readonly<Record<string, unknown>>;
            const activeState = changed["ActiveState"];
            listener.unitChanged(path, typeof activeState === "string" ? activeState : undefined);
          },
        ),
      );
    }
    for (const member of ["UnitFilesChanged", "Reloading"]) {
      ends.push(
        await bus.onSignal(`type='signal',sender='${systemdName}',interface='${managerInterface}',member='${member}'`, () =>
          listener.filesChanged(),
        ),
      );
    }
    await systemd.subscribe();
  } catch (error) {
    endAll();
    throw error;
  }
  return endAll;
}
