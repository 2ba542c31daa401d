import { expect, test } from "vitest";
import { progressTo } from "../../src/mcp/progress.ts";
import { createRender } from "../../src/mcp/render.ts";
import { createScrub } from "../../src/mcp/scrub.ts";
import { createLog } from "../../src/shared/log.ts";

test("many notes of one step stay short numbers that grow, and an empty message is left out", () => {
  const sent: unknown[] = [];
  const notify = async ({ params }: { params?: unknown }) => {
    sent.push(params);
  };
  const scrub = createScrub([]);
  const log = createLog({ level: "debug", write: () => {}, now: () => 0, scrub });
  const house = { render: createRender({ scrub, demo: false }), log };
  const progress = progressTo({ mcpReq: { _meta: { progressToken: 7 }, notify } }, house);
  progress(17, 18, "");
  for (let at = 0; at < 20; at++) progress(18, 18, "Pulling");
  expect(sent[0]).toEqual({ progressToken: 7, progress: 17, total: 18 });
  expect(sent[1]).toEqual({ progressToken: 7, progress: 18, total: 18, message: "Pulling" });
  expect(sent.at(-2)).toEqual({ progressToken: 7, progress: 18.018, total: 18.018, message: "Pulling" });
  expect(sent).toHaveLength(21);
});
