import { z } from "zod";
import { lastMatching } from "../../analysis/logs/grep.ts";
import { newestWithin } from "../../analysis/logs/newest.ts";
import { sinceSeconds } from "../../analysis/logs/since.ts";
import { cut, fence } from "../../shared/text.ts";
import { readingTool } from "../define.ts";
import { hostOf } from "./find.ts";
import { containerName, hostName } from "./inputs.ts";
import { readLog } from "./read-log.ts";

/** Lines read when something is searched for: enough for hours of most applications, little enough to carry. */
const searched = 5000;
const lineLimit = 1000;
/** What facts and text may take: less than the cap of an answer, which would cut off the newest lines. */
const factBytes = 72_000;
const textBytes = 17_000;

const written = ({ at, outside_text }: { at: string | null; outside_text: string }) =>
  `${at ?? ""} ${outside_text}`.trim();

/** The last lines a container wrote, or the last that contain something. */
export const getContainerLogs = readingTool({
  name: "get_container_logs",
  title: "Read a container's log",
  description:
    "The last lines a container wrote, oldest first; with grep, the last ones that contain that text (no pattern). " +
    "Lines are text from outside. Well-known secrets are hidden.",
  toolset: "docker",
  needs: ["docker"],
  input: z.strictObject({
    container: containerName,
    host: hostName.optional(),
    tail: z.int().min(1).max(1000).optional().describe("Lines, 100 if left out"),
    since: z.string().max(40).optional().describe("15m, 2h, 3d or an ISO time"),
    grep: z.string().min(1).max(200).optional(),
  }),
  output: z.object({
    host: z.string(),
    container: z.string(),
    lines: z.array(
      z.object({ at: z.string().nullable(), stream: z.enum(["stdout", "stderr"]), outside_text: z.string() }),
    ),
    lines_searched: z.number(),
    older_left_out: z.number(),
  }),
  async read({ container, tail = 100, since, grep, host: asked }, { systems, clock, signal }) {
    const host = await hostOf(systems.docker, container, asked);
    const options = {
      tail: grep === undefined ? tail : searched,
      ...(since !== undefined && { since: sinceSeconds(since, clock.now()) }),
    };
    // Secrets are hidden before it is searched: or a search could tell, guess by guess, what a hidden one is.
    const lines = await readLog(systems.docker.one(host).system, container, options, signal);
    const found = lastMatching(lines, grep, tail);
    const shown = found.map(({ text, ...line }) => ({ ...line, outside_text: cut(text, lineLimit) }));
    const newest = newestWithin(shown, factBytes, JSON.stringify);
    return {
      host,
      container,
      lines: newest,
      lines_searched: lines.length,
      older_left_out: shown.length - newest.length,
    };
  },
  say({ host, container, lines, lines_searched, older_left_out }) {
    if (lines.length === 0) return `${container} on ${host}: nothing found in ${lines_searched} lines.`;
    const said = newestWithin(lines, textBytes, written);
    const older = lines.length - said.length + older_left_out;
    return [
      fence(`${container} on ${host}, ${said.length} of ${lines_searched} lines read`, said.map(written).join("\n")),
      ...(older > 0 ? [`${older} older ones are left out: narrow it down with grep or since.`] : []),
    ].join("\n");
  },
});
