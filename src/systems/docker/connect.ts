import { type Deadlines, defaultDeadlines } from "./call.ts";
import { changing } from "./changing.ts";
import { openEngine } from "./engine.ts";
import { shortMemory } from "./life.ts";
import type { Docker, DockerChanges, DockerConnection, LifeMemory } from "./port.ts";
import { reading } from "./reading.ts";
import { wayTo } from "./ways.ts";

export interface DockerOptions {
  deadlines?: Partial<Deadlines>;
  /** Where ended lives are kept; for as long as this process lives when left out. */
  memory?: LifeMemory;
}

/**
 * One Docker engine, both ways: hand `changing` to the gate only. Connects at the first call and again after a loss;
 * never throws here, so that a server starts with every engine down.
 */
export function connectDocker(
  connection: DockerConnection,
  options: DockerOptions = {},
): { reading: Docker; changing: DockerChanges } {
  const deadlines = { ...defaultDeadlines, ...options.deadlines };
  const engine = openEngine(wayTo(connection, deadlines.read_ms), deadlines);
  return { reading: reading(engine, options.memory ?? shortMemory()), changing: changing(engine) };
}
