type Fields = Record<string, unknown>;

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const map = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};

/**
 * How an engine fills a create request up from its image, told apart from the code under test: written from the rules in
 * moby's documentation of `docker create` and checked against a 20.10 engine.
 */
export function engineMerge(user: Fields, image: Fields): Fields {
  const env = list(user.Env);
  const known = env.map((entry) => entry.split("=")[0]);
  const says = (field: string) => user[field] || image[field] || "";
  const entrypoint = list(user.Entrypoint);
  const cmd = list(user.Cmd);
  const ownEntry = entrypoint.length > 0;
  const cleared = entrypoint.length === 1 && entrypoint[0] === "";
  const check =
    user.Healthcheck === undefined ? image.Healthcheck : { ...map(image.Healthcheck), ...map(user.Healthcheck) };
  return {
    Env: [...env, ...list(image.Env).filter((entry) => !known.includes(entry.split("=")[0]))],
    Labels: { ...map(image.Labels), ...map(user.Labels) },
    ExposedPorts: { ...map(image.ExposedPorts), ...map(user.ExposedPorts) },
    Volumes: { ...map(image.Volumes), ...map(user.Volumes) },
    User: says("User"),
    WorkingDir: says("WorkingDir"),
    StopSignal: says("StopSignal"),
    Entrypoint: cleared ? [] : ownEntry ? entrypoint : list(image.Entrypoint),
    Cmd: cmd.length > 0 || ownEntry ? cmd : list(image.Cmd),
    ...(check !== undefined && { Healthcheck: check }),
  };
}
