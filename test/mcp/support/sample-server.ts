import { mcpServer } from "../../../src/mcp/server.ts";
import { serveStreams } from "../../../src/mcp/stdio.ts";
import { sampleHouse } from "./sample-house.ts";

// The sample house over real stdin and stdout, for real clients.
const readOnly = process.argv.includes("--read-only");
const configured = process.argv.includes("--nothing-configured") ? [] : (["docker"] as const);
const house = sampleHouse({
  offering: { readOnly, configured },
  writeLog: (line) => process.stderr.write(line),
});
await serveStreams(mcpServer(house), {
  stdin: process.stdin,
  stdout: process.stdout,
  signal: new AbortController().signal,
  onError: () => {},
});
