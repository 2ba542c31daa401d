// monitor.mjs SOCKET COMMAND… : commands for the monitor of a QEMU, as a person types them there; prints what it answers.
import { connect } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";

const [socket = "", ...commands] = process.argv.slice(2);
const monitor = connect(socket);
const lines = createInterface({ input: monitor })[Symbol.asyncIterator]();

async function answer() {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) return {};
    const message = JSON.parse(value);
    // It tells of events in between.
    if (!("event" in message)) return message;
  }
}
async function ask(execute, more = {}) {
  monitor.write(`${JSON.stringify({ execute, arguments: more })}\n`);
  return (await answer()).return;
}

await answer();
await ask("qmp_capabilities");
for (const command of commands)
  process.stdout.write(`${(await ask("human-monitor-command", { "command-line": command })) ?? ""}`);
monitor.end();
