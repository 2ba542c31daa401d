import { mcpServer } from "../../../src/mcp/server.ts";
import { serveStreams } from "../../../src/mcp/stdio.ts";
import { sampleHouse } from "./sample-house.ts";

// The sample house over real stdin and stdout, for real clients.
await serveStreams(mcpServer(sampleHouse({ writeLog: (line) => process.stderr.write(line) })), {
  stdin: process.stdin,
  stdout: process.stdout,
  signal: new AbortController().signal,
  onError: () => {},
});
