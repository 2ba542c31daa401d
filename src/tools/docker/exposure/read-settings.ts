import { composeFilesOf, type SettingsPlace, settingsPlans } from "../../../analysis/exposure/places.ts";
import type { ReadFiles, ReadSettings } from "../../../analysis/exposure/readings.ts";
import { eachLimited } from "../../../shared/concurrency.ts";
import { StewardError } from "../../../shared/errors.ts";
import type { ContainerInspected } from "../../../systems/docker/shapes.ts";
import type { Files } from "../../../systems/files/port.ts";
import type { ToolContext } from "../../define.ts";

/** More than the proxy of a house has, and than its compose projects are; and more letters than all of them together. */
const most = 200;
const mostText = 4_000_000;
/** After so many answers that did not come, nothing else is asked for: each leaves a program behind that hangs. */
const mostSilent = 3;

/**
 * The settings of a host's proxies and the compose files of its containers, as far as they lie inside the configured
 * roots; null without a shell there. Nothing but what src/analysis/exposure makes of them may leave: they hold secrets.
 */
export async function readSettings(
  containers: readonly ContainerInspected[],
  host: string,
  { systems, signal }: ToolContext,
): Promise<ReadSettings | null> {
  if (!systems.files.hosts.includes(host)) return null;
  const read = reader(systems.files.one(host).system, signal);
  const plans = settingsPlans(containers).filter(({ places }) => places.length > 0);
  const proxies = await eachLimited(plans, 1, async ({ container, places }): Promise<[string, ReadFiles]> => {
    return [container.Id, await filesOf(places, read)];
  });
  const paths = [...new Set(containers.filter(({ State }) => State.Running).flatMap(composeFilesOf))].slice(0, most);
  const compose = await eachLimited(paths, 4, async (path) => (await read({ inside: path, path })).texts);
  return { proxies: new Map(proxies), compose: new Map(compose.flatMap((texts) => [...texts])) };
}

async function filesOf(places: readonly SettingsPlace[], read: Read): Promise<ReadFiles> {
  const found = await eachLimited(places, 1, async (place) => ({ ...(await read(place)), place }));
  return {
    texts: new Map(found.flatMap(({ texts }) => [...texts])),
    covered: found.filter(({ unread }) => unread.length === 0).map(({ place }) => place.inside),
    unread: found.flatMap(({ unread }) => unread),
  };
}

type Read = (place: SettingsPlace) => Promise<{ texts: Map<string, string>; unread: string[] }>;

/** Reads places until the machine itself is not there, or a disk of it hangs. */
function reader(files: Files, signal: AbortSignal): Read {
  let gone: StewardError | null = null;
  let [silent, left] = [0, mostText];
  const orWhy = async <T>(work: () => Promise<T>): Promise<T | StewardError> => {
    if (gone !== null) return gone;
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof StewardError)) throw error;
      if (error.code === "timeout") silent += 1;
      if (error.code === "unreachable" || silent >= mostSilent) gone = error;
      return error;
    }
  };
  return async ({ inside, path }) => {
    const why = (what: string, { message }: StewardError) => ({ texts: new Map(), unread: [`${what}: ${message}`] });
    if (!files.takes(path)) return { texts: new Map(), unread: [`${inside}: it lies outside of the host's roots.`] };
    const listed = await orWhy(() => files.settings(path, signal));
    if (listed instanceof StewardError) return why(inside, listed);
    const texts = new Map<string, string>();
    const unread = listed.whole
      ? []
      : [`Some of ${inside}: links, or folders that the shell's account may not look into.`];
    if (listed.files.length > most) unread.push(`Most of ${inside}: it has more files than are read.`);
    await eachLimited(listed.files.slice(0, most), 4, async (file) => {
      const own = inside + file.slice(path.length);
      if (left <= 0) {
        unread.push(`${own}: there is more text than is read.`);
        return;
      }
      const text = await orWhy(() => files.settingsText(file, signal));
      if (text instanceof StewardError) unread.push(...why(own, text).unread);
      else {
        texts.set(own, text);
        left -= text.length;
      }
    });
    return { texts, unread };
  };
}
