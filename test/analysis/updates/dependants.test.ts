import { describe, expect, test } from "vitest";
import { dependantsOf } from "../../../src/analysis/updates/dependants.ts";
import { container } from "../support/containers.ts";

const vpn = container("vpn");
const on = (HostConfig: Record<string, unknown>) => ({ HostConfig });
const found = (name: string, ...all: ReturnType<typeof container>[]) =>
  dependantsOf(name, all).map(({ container: { Name }, shares }) => `${Name}: ${shares}`);

describe("who must be made again with a container", () => {
  test("those in its network, processes or memory, by id or by name, and those linked to it", () => {
    expect(
      found(
        "vpn",
        vpn,
        container("a", on({ NetworkMode: `container:${vpn.Id}` })),
        container("b", on({ NetworkMode: "container:vpn" })),
        container("c", on({ PidMode: `container:${vpn.Id}` })),
        container("d", on({ IpcMode: `container:${vpn.Id}` })),
        container("e", on({ Links: ["/vpn:/e/tunnel"] })),
        container("f", on({ VolumesFrom: ["vpn"], NetworkMode: "lan", Links: ["/vpn2:/f/x"] })),
      ),
    ).toEqual([
      "/a: its network is that of vpn",
      "/b: its network is that of vpn",
      "/c: it sees the processes of vpn",
      "/d: it shares the memory of vpn",
      "/e: it is linked to vpn",
    ]);
  });

  test("and those that depend on them, after them; a circle ends", () => {
    const torrent = container("torrent", on({ NetworkMode: `container:${vpn.Id}` }));
    const watcher = container("watcher", on({ PidMode: `container:${torrent.Id}` }));
    expect(found("vpn", watcher, torrent, vpn)).toEqual([
      "/torrent: its network is that of vpn",
      "/watcher: it sees the processes of torrent",
    ]);
    const a = container("a", on({ Links: ["/b:/a/b"] }));
    const b = container("b", on({ Links: ["/a:/b/a"] }));
    expect(found("a", a, b)).toEqual(["/b: it is linked to a"]);
  });
});
