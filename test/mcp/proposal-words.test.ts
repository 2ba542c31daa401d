import { expect, it } from "vitest";
import type { Proposal } from "../../src/confirm/define.ts";
import { scrubProposal } from "../../src/mcp/proposal-words.ts";

const target = { kind: "container", host: "nas", name: "plex", identity: { id: "hunter2" } };

it("cleans the words a person reads of a plan, and nothing the steps work with", () => {
  const proposal: Proposal = {
    title: "Update hunter2",
    risk: "disruptive",
    units: [
      {
        target,
        basis: { env: ["PASSWORD=hunter2"] },
        changes: ["label: hunter2 → x"],
        steps: [{ step: "create", args: { env: ["PASSWORD=hunter2"] }, does: "makes hunter2", undo: "drops hunter2" }],
      },
    ],
    warnings: ["mounts hunter2"],
    undo: "starts hunter2",
    blast: { containers: 1, files: 0, bytes: 0 },
  };
  expect(scrubProposal(proposal, (text) => text.replaceAll("hunter2", "[secret]"))).toEqual({
    title: "Update [secret]",
    risk: "disruptive",
    units: [
      {
        target,
        basis: { env: ["PASSWORD=hunter2"] },
        changes: ["label: [secret] → x"],
        steps: [
          { step: "create", args: { env: ["PASSWORD=hunter2"] }, does: "makes [secret]", undo: "drops [secret]" },
        ],
      },
    ],
    warnings: ["mounts [secret]"],
    undo: "starts [secret]",
    blast: { containers: 1, files: 0, bytes: 0 },
  });
});
