import type { Docker, DockerChanges, DockerConnection } from "./systems/docker/port.ts";

/**
 * One Docker engine whose adapter is loaded with the first call: it costs a third of the time a client waits for our
 * first answer. `connection` is asked then, too, so that a certificate that can't be read takes only its host down.
 */
export function lazyDocker(connection: () => DockerConnection): { reading: Docker; changing: DockerChanges } {
  let opened: Promise<{ reading: Docker; changing: DockerChanges }> | undefined;
  const open = async () => {
    opened ??= import("./systems/docker/index.ts").then(({ connectDocker }) => connectDocker(connection()));
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
  const reading = async () => (await open()).reading;
  const changing = async () => (await open()).changing;
  return {
    reading: {
      info: async (...args) => (await reading()).info(...args),
      list: async (...args) => (await reading()).list(...args),
      inspect: async (...args) => (await reading()).inspect(...args),
      image: async (...args) => (await reading()).image(...args),
      remoteDigest: async (...args) => (await reading()).remoteDigest(...args),
      logs: async (...args) => (await reading()).logs(...args),
      network: async (...args) => (await reading()).network(...args),
      close: async () => (await opened)?.reading.close(),
    },
    changing: {
      pull: async (...args) => (await changing()).pull(...args),
      tag: async (...args) => (await changing()).tag(...args),
      create: async (...args) => (await changing()).create(...args),
      connect: async (...args) => (await changing()).connect(...args),
      disconnect: async (...args) => (await changing()).disconnect(...args),
      rename: async (...args) => (await changing()).rename(...args),
      start: async (...args) => (await changing()).start(...args),
      stop: async (...args) => (await changing()).stop(...args),
      restart: async (...args) => (await changing()).restart(...args),
      restartPolicy: async (...args) => (await changing()).restartPolicy(...args),
      remove: async (...args) => (await changing()).remove(...args),
    },
  };
}
